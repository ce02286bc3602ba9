"""Under Voila a visitor can write no file and run no code."""

import shutil

import pytest

import lab
from test_voila import NOTEBOOK, ROOT, voila

pytestmark = [pytest.mark.browser, pytest.mark.slow]

EXECUTE = """async ([url, code]) => {
    const config = document.getElementById('jupyter-config-data').textContent;
    const id = JSON.parse(config).kernelId;
    const socket = new WebSocket(`${url}/api/kernels/${id}/channels`);
    await new Promise((done, fail) => { socket.onopen = done; socket.onerror = fail; });
    const answers = [];
    socket.onmessage = ({data}) => answers.push(String(data).slice(0, 200));
    for (const type of ['execute_request', 'complete_request', 'inspect_request']) {
        socket.send(JSON.stringify({
            channel: 'shell', parent_header: {}, metadata: {}, buffers: [],
            header: {msg_id: `x-${type}`, msg_type: type, username: '', session: 's',
                     version: '5.3', date: new Date().toISOString()},
            content: {code, silent: false, store_history: false, cursor_pos: 1,
                      user_expressions: {}, allow_stdin: false, stop_on_error: true},
        }));
    }
    await new Promise((done) => setTimeout(done, 6000));
    socket.close();
    return [id, answers];
}"""


def test_a_visitor_of_voila_writes_no_file_and_runs_no_code(
    tmp_path, chromium, pictures
):
    folder = tmp_path / "served"
    folder.mkdir()
    shutil.copy(ROOT / "notebooks" / NOTEBOOK, folder)
    marks = [tmp_path / "mark", folder / "mark"]
    code = ";".join(f"open({str(m)!r}, 'w').write('x')" for m in marks)
    before = every_file(tmp_path)
    with voila(folder) as url, lab.browser_page(chromium) as (page, _):
        page.goto(url, wait_until="domcontentloaded")
        page.wait_for_selector(".tk-figure")
        name = page.get_by_label("File", exact=True).first
        for written in ("visitor.yaml", "../visitor.yaml", f"{tmp_path}/visitor.yaml"):
            name.fill(written)
            name.press("Tab")
            page.get_by_role("button", name="Save as YAML").click()
            shown = "Download" if written == "visitor.yaml" else "plain name"
            page.get_by_text(shown).first.wait_for()
        link = page.locator("a[download]")
        assert link.count() == 0  # the last name was refused
        kernel, answers = page.evaluate(EXECUTE, [url.replace("http", "ws"), code])
        assert kernel
        assert not [a for a in answers if "execute_reply" in a or "execute_input" in a]
        for path, body in (
            ("/api/contents/visitor.ipynb", {"type": "notebook"}),
            ("/api/contents/visitor.txt", {"type": "file", "content": "x"}),
            ("/api/terminals", {}),
            ("/api/kernels", {"name": "python3"}),
            ("/api/sessions", {}),
        ):
            for method in ("POST", "PUT"):
                answer = page.request.fetch(url + path, method=method, data=body)
                assert answer.status >= 400, (method, path, answer.status)
        page.screenshot(path=pictures / "voila_visitor.png")
    assert every_file(tmp_path) == before


def every_file(folder):
    return sorted(
        str(path)
        for path in folder.rglob("*")
        if path.is_file() and ".ipynb_checkpoints" not in path.parts
    )
