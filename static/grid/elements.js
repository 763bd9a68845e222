// One namespace for the files of the grid, and elements made with what is in them.
"use strict";
window.Grid = {
  make(tag, properties = {}, ...inside) {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...inside);
    return made;
  },
};
