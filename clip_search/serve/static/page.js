// Keys for the review queue. Without this file, everything works with the mouse and Tab.
"use strict";
document.documentElement.classList.add("scripted");

const cards = () => [...document.querySelectorAll(".queue > li")];

function move(step) {
  const all = cards();
  const now = all.findIndex((card) => card.contains(document.activeElement));
  const next = all[Math.min(Math.max(now + step, 0), all.length - 1)];
  if (next) next.focus();
}

function decide(decision) {
  const card = cards().find((each) => each.contains(document.activeElement));
  if (card) card.querySelector(`button[value="${decision}"]`).click();
}

const keys = {
  j: () => move(1),
  k: () => move(-1),
  a: () => decide("approve"),
  r: () => decide("reject"),
  "/": () => document.getElementById("q")?.focus(),
};

document.addEventListener("keydown", (event) => {
  const typing = event.target.matches("input, textarea, select");
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (typing) {
    if (event.key === "Escape") (event.target.closest("li") ?? event.target).focus();
    return;
  }
  const act = keys[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

// After a decision, the next suggestion is at hand.
if (location.hash === "#review" && document.referrer.startsWith(location.origin)) move(1);
