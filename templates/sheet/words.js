// The words of the page, in its language. A word with a number has forms, which `n` chooses from.
const word = (() => {
  "use strict";
  let told, rules;
  return (key, values = {}) => {
    told ||= JSON.parse(document.getElementById("_words").textContent);
    rules ||= new Intl.PluralRules(told.language);
    const found = told.forms[key];
    const text = found.other ? found[rules.select(values.n)] || found.other : found;
    return text.replace(/{(\w+)}/g, (_, name) => values[name]);
  };
})();
