"""Cold ``check REPO`` against cold ``check README.md``: what the files beside a card cost, with a tokenizer.json of 10 MB.

python benchmarks/cold_repo.py
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from readers import shard, tokenizer  # a script beside this one

CARD = """---
license: mit
library_name: transformers
pipeline_tag: text-generation
---
# Gull counter
It counts gulls on photographs of roofs, with 7B parameters and a vocabulary of 128,000 words.
## Limitations
It fails at night, and when snow lies on the roofs of the town.
"""
RUNS = 9


def cold(path: Path, profile: str) -> float:
    """Milliseconds of a process that judges a path."""
    command = [sys.executable, "-m", "cardlint", "check", os.fspath(path), "--profile", profile, "--exit-zero"]
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return 1e3 * (time.perf_counter() - start)


def main() -> int:
    with tempfile.TemporaryDirectory() as top:
        home = Path(top)
        (home / "README.md").write_text(CARD)
        settings = {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "vocab_size": 118_000}
        (home / "config.json").write_text(json.dumps(settings))
        (home / "tokenizer_config.json").write_text('{"tokenizer_class": "PreTrainedTokenizerFast"}')
        (home / "tokenizer.json").write_bytes(tokenizer(118_000))
        for number in range(1, 5):
            (home / f"model-{number:05}-of-00004.safetensors").write_bytes(shard(300))
        for profile in ("author", "audit"):
            runs = [(cold(home / "README.md", profile), cold(home, profile)) for _ in range(RUNS)]
            card, repo = (min(times) for times in zip(*runs, strict=True))
            size = (home / "tokenizer.json").stat().st_size / 1e6
            print(f"{profile}: card {card:.0f} ms, repository {repo:.0f} ms ({repo - card:+.0f} ms, tokenizer.json of {size:.1f} MB)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
