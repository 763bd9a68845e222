// On the task page Alt+PageDown and Alt+PageUp turn to the next explanation and the last; behind the last stands 提交.
"use strict";
addEventListener("keydown", (event) => {
  const by = event.altKey && { PageDown: 1, PageUp: -1 }[event.key];
  const fields = by ? [...document.querySelectorAll("#findings textarea")] : [];
  if (!fields.length) return;
  const at = fields.indexOf(document.activeElement);
  const next = at < 0 ? fields.find((each) => !each.value) || fields[0] : fields[at + by] || (by > 0 && document.querySelector("#todo .buttons a"));
  event.preventDefault();
  if (!next) return;
  for (let fold = next.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  next.focus();
  next.scrollIntoView({ block: "center" });
});
