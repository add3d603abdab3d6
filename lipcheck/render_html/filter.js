"use strict";
// Filters, unfolding and printing. The page is complete without this script.
(() => {
  const signs = {{SIGNS}};
  const form = document.getElementById("filters");
  const words = document.getElementById("words");
  const claims = [...document.querySelectorAll("details.claim")];
  const texts = new Map();

  // As the page sets formulas: signs replaced, the marks of scripts left out.
  const plain = (text) => {
    for (const [typed, sign] of signs) text = text.split(typed).join(sign);
    return text.toLowerCase().replace(/[_^{}]/g, "").replace(/−/g, "-").replace(/′/g, "'").replace(/\s+/g, " ");
  };
  const textOf = (claim) => {
    if (!texts.has(claim)) texts.set(claim, plain(`${claim.id} ${claim.textContent}`));
    return texts.get(claim);
  };
  const ticked = (name) => [...form.querySelectorAll(`input[name=${name}]:checked`)].map((box) => box.value);

  const filter = () => {
    const [verdicts, grades, papers] = ["verdict", "grade", "paper"].map(ticked);
    const asked = [plain(words.value.trim()), words.value.trim().toLowerCase()].filter((text) => text);
    let count = 0;
    for (const claim of claims) {
      const { verdict, grade, paper } = claim.dataset;
      const shown =
        (!verdicts.length || verdicts.includes(verdict)) &&
        (!grades.length || grades.includes(grade)) &&
        (!papers.length || papers.includes(paper)) &&
        (!asked.length || asked.some((text) => textOf(claim).includes(text)));
      claim.hidden = !shown;
      count += shown;
    }
    for (const part of [...document.querySelectorAll("section.row"), ...document.querySelectorAll("section.paper")])
      part.hidden = !part.querySelector("details.claim:not([hidden])");
    for (const line of document.querySelectorAll(".failing li"))
      line.hidden = document.getElementById(line.dataset.claim).hidden;
    for (const part of document.querySelectorAll(".overview"))
      part.hidden = !part.querySelector("li:not([hidden])");
    document.getElementById("count").textContent =
      count === claims.length ? `${count} claims` : `${count} of ${claims.length} claims`;
  };

  // A link leads to a claim even where the filters hide it.
  const follow = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    if (target.closest("[hidden]")) {
      form.reset();
      filter();
    }
    if (target.matches("details")) target.open = true;
    target.scrollIntoView();
  };

  const unfold = (open) => claims.forEach((claim) => { if (!claim.hidden) claim.open = open; });
  let folded = [];
  addEventListener("beforeprint", () => {
    if (document.body.classList.contains("print-folded")) return;
    folded = [...document.querySelectorAll("details:not([open])")].filter((part) => !part.hidden);
    folded.forEach((part) => { part.open = true; });
  });
  addEventListener("afterprint", () => {
    folded.forEach((part) => { part.open = false; });
    folded = [];
  });
  document.getElementById("print-folded").addEventListener("change", (event) =>
    document.body.classList.toggle("print-folded", event.target.checked));
  document.getElementById("unfold").addEventListener("click", () => unfold(true));
  document.getElementById("fold").addEventListener("click", () => unfold(false));
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", follow);
  form.hidden = false;
  form.reset();
  filter();
  follow();
})();
