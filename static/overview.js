// One tick for all rows of a list.
"use strict";
(() => {
  for (const all of document.querySelectorAll("[data-all]")) {
    const own = [...document.querySelectorAll(`input[type=checkbox][name="${all.dataset.all}"]`)];
    const told = () => { all.checked = own.length > 0 && own.every((box) => box.checked); };
    all.closest("label").hidden = own.length === 0;
    all.addEventListener("change", () => { for (const box of own) box.checked = all.checked; });
    for (const box of own) box.addEventListener("change", told);
  }
})();
