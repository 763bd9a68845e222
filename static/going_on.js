// A page that goes on by itself, as if its button were pressed.
"use strict";
(() => {
  const form = document.querySelector("[data-goes-on]");
  if (form) form.requestSubmit(form.querySelector("button[type=submit]"));
})();
