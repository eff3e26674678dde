import { pipeline } from "@huggingface/transformers";

const triage = pipeline("text-classification", "harbourlight/dockside-triage-en");
const answer = document.getElementById("answer");

document.getElementById("ask").addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = document.getElementById("text").value.trim();
  if (!text) return;
  const [best] = await (await triage)(text);
  answer.textContent = best.score < 0.55 ? "No proposal: the score is too low." : `${best.label} (${best.score.toFixed(2)})`;
});
