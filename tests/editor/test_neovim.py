"""A real editor, without its screen: Neovim opens a card, shows findings, takes the fixes, completes and hovers."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys

import pytest

pytest.importorskip("pygls", reason="the extra [lsp] is not installed")

SCRIPT = """
local python, card, report = %s, %s, %s
vim.cmd('edit ' .. vim.fn.fnameescape(card))
local buffer = vim.api.nvim_get_current_buf()
local id = vim.lsp.start_client({name = 'cardlint', cmd = {python, '-m', 'cardlint', 'lsp'}, root_dir = vim.fn.fnamemodify(card, ':h')})
vim.lsp.buf_attach_client(buffer, id)
local out = {}
local function codes()
  local found = {}
  for _, each in ipairs(vim.diagnostic.get(buffer)) do
    table.insert(found, {code = each.code or (each.user_data and each.user_data.lsp.code), line = each.lnum, column = each.col})
  end
  return found
end
local function ask(method, extra)
  local params = vim.tbl_extend('force', {textDocument = vim.lsp.util.make_text_document_params(buffer)}, extra)
  for _, each in pairs(vim.lsp.buf_request_sync(buffer, method, params, 30000) or {}) do return each.result end
end
vim.wait(30000, function() return #vim.diagnostic.get(buffer) > 0 end, 50)
out.before = codes()
out.hover = ask('textDocument/hover', {position = {line = 1, character = 2}})
out.items = #ask('textDocument/completion', {position = {line = 1, character = 9}}).items
local all = {start = {line = 0, character = 0}, ['end'] = {line = 0, character = 0}}
local actions = ask('textDocument/codeAction', {range = all, context = {diagnostics = {}, only = {'source.fixAll'}}})
vim.lsp.util.apply_workspace_edit(actions[1].edit, vim.lsp.get_client_by_id(id).offset_encoding)
out.text = table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), '\\n') .. '\\n'
vim.wait(30000, function()
  for _, each in ipairs(codes()) do if each.code == 'LIC101' then return false end end
  return true
end, 50)
out.after = codes()
vim.fn.writefile({vim.fn.json_encode(out)}, report)
vim.cmd('qall!')
"""


@pytest.mark.skipif(shutil.which("nvim") is None, reason="Neovim is not installed")
def test_neovim(tmp_path):
    folder = tmp_path / "card"
    folder.mkdir()
    card = folder / "README.md"
    text = "---\nlicense: apache2\ntags: [😀, 😀]\n---\n# 😀 Sorter\n\n😀 [More Information Needed]\n"
    card.write_text(text, encoding="utf-8")
    script, report = tmp_path / "session.lua", tmp_path / "report.json"
    script.write_text(SCRIPT % tuple(map(json.dumps, (sys.executable, str(card), str(report)))), encoding="utf-8")
    command = ["nvim", "--clean", "--headless", "-n", "-c", f"luafile {script}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert report.is_file(), done.stderr
    found = json.loads(report.read_text(encoding="utf-8"))
    assert "LIC101" in [each["code"] for each in found["before"]]
    place = next(each for each in found["before"] if each["line"] == 6)
    assert place["column"] == len("😀 ".encode())
    assert "**license**" in json.dumps(found["hover"])
    assert found["items"] > 50
    subprocess.run([sys.executable, "-m", "cardlint", "check", "--fix", str(card)], capture_output=True, check=False, timeout=60)
    assert found["text"] == card.read_text(encoding="utf-8") != text
    assert "LIC101" not in [each["code"] for each in found["after"]]
