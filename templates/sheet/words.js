// The words of the page, in its language. A word with a number has forms, which `n` chooses from.
const word = (() => {
  let told, rules;
  return (key, fill = {}) => {
    told ||= JSON.parse(document.getElementById("_words").textContent);
    rules ||= new Intl.PluralRules(told.language);
    const found = told.forms[key];
    const text = found[rules.select(fill.n)] || found.other || found;
    // What is filled in stands apart, where letters around it would turn it: 2:10 in Arabic.
    return text.replace(/{(\w+)}/g, (_, name) => isNaN(fill[name])
      ? told.apart.replace("_", () => fill[name]) : fill[name]);
  };
})();
