// Amounts as people write them, in hundredths of the table's unit: the counterpart of `domain.money.parse_amount`.
"use strict";
(() => {
  const YUAN = { 元: 0n, 百元: 2n, 千元: 3n, 万元: 4n, 百万元: 6n, 千万元: 7n, 亿元: 8n }; // powers of ten
  const UNIT = Object.keys(YUAN).sort((a, b) => b.length - a.length).join("|");
  const PLAIN = "([0-9]+|[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,3}(?: [0-9]{3})+)(\\.[0-9]+)?";
  const WRITTEN = new RegExp(`^-? *¥? *-?${PLAIN} *(${UNIT})?$`);
  const BRACKETED = new RegExp(`^\\( *¥? *${PLAIN} *(${UNIT})? *\\)$`);
  const plain = (text) => text.normalize("NFKC").replace(/[−－–—﹣‒─―]/g, "-").trim();

  // {cents} of a text that says an amount in `unit`; {cents: 0n, blank: true} where it says none; {wrong: true} for
  // what is no amount, {fine: true, cents} rounded half up for one that is finer than two places.
  function parse(text, unit) {
    const said = plain(text);
    if (/^(-*|\/|无|空)$/.test(said)) return { cents: 0n, blank: true };
    const found = WRITTEN.exec(said) || BRACKETED.exec(said);
    if (!found || (found[3] && !unit) || (said.match(/-/g) || []).length > 1) return { wrong: true, cents: 0n };
    const whole = found[1].replace(/[, ]/g, ""), places = (found[2] || ".").slice(1);
    if (whole.length + places.length > 23) return { wrong: true, cents: 0n };
    const power = (found[3] ? YUAN[found[3]] - YUAN[unit] : 0n) + 2n - BigInt(places.length);
    const digits = BigInt(whole + places);
    const unsigned = power >= 0n ? digits * 10n ** power : (digits + 10n ** -power / 2n) / 10n ** -power;
    const fine = power < 0n && digits % 10n ** -power !== 0n;
    const cents = said[0] === "(" || said.includes("-") ? -unsigned : unsigned;
    return fine ? { cents, fine } : { cents };
  }

  function print(cents) {
    const digits = String(cents < 0n ? -cents : cents).padStart(3, "0");
    const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ",");
    return `${cents < 0n ? "-" : ""}${whole}.${digits.slice(-2)}`;
  }

  // An amount given in yuan, written in the table's unit.
  const fromYuan = (text, unit) => {
    const read = parse(`${plain(text)}元`, unit);
    return read.wrong || plain(text) === "" ? null : { text: print(read.cents), fine: !!read.fine };
  };

  Object.assign(Grid, { parse, print, fromYuan, plain });
})();
