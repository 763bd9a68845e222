// Something becomes public soon, or is becoming so: the page is looked at again, unless somebody is choosing on it.
"use strict";
(() => {
  const due = document.querySelector("[data-look-again]");
  if (!due) return;
  const look = () => {
    if (document.querySelector("input[type=checkbox]:checked, input[type=datetime-local]:focus")) setTimeout(look, 5000);
    else location.reload();
  };
  setTimeout(look, Number(due.dataset.lookAgain) * 1000);
})();
