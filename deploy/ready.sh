# Makes a bare machine ready for the portal: uv, Python 3.12 or newer, and Pango for the PDF. Read by ./demo and ./test.
# Nothing of the system's Python changes: uv lives in var/tools, the packages in .venv.

say() { echo "$*" >&2; }

# The command that runs others as root, blank where that is this user; false where nobody may.
as_root() {
    if [ "$(id -u)" = 0 ]; then return 0; fi
    if command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then echo sudo; return 0; fi
    return 1
}

# Install packages of the system by name; false, with the sentence for the administrator, where that cannot be done.
install_packages() {
    if command -v apt-get >/dev/null 2>&1 && root=$(as_root); then
        say "安装系统软件包：$*"
        if $root env DEBIAN_FRONTEND=noninteractive apt-get update -qq >/dev/null \
            && $root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null; then
            return 0
        fi
    fi
    say "请管理员安装：apt install $*"
    return 1
}

# The first Python that is new enough, by its own path: a version manager's shim may stand before it and lead nowhere.
new_python() {
    for folder in $(echo "$PATH" | tr ':' ' '); do
        for name in python3.14 python3.13 python3.12 python3; do
            found=$("$folder/$name" -c 'import sys; print(sys.executable if sys.version_info >= (3, 12) else "")' 2>/dev/null)
            if [ -n "$found" ]; then echo "$found"; return 0; fi
        done
    done
    return 1
}

# Where uv is; fetched into a folder of its own when the machine has none that works.
find_uv() {
    if uv --version >/dev/null 2>&1; then return 0; fi
    PATH="$PWD/var/tools/bin:$PATH"
    export PATH
    if uv --version >/dev/null 2>&1; then return 0; fi
    python=$(new_python || command -v python3) || python=/usr/bin/python3
    mkdir -p var
    if ! "$python" -m venv var/tools >/dev/null 2>&1; then
        rm -rf var/tools
        install_packages python3 python3-venv && "$python" -m venv var/tools || return 1
    fi
    say "取得 uv（放在 var/tools，不改动系统的 Python）"
    var/tools/bin/python -m pip install -q --disable-pip-version-check uv && hash -r && uv --version >/dev/null && return 0
    say "取不到 uv：请检查网络，或请管理员安装 uv。"
    return 1
}

# uv with a Python that is new enough; false, with the sentence for the administrator, when there is none.
ready() {
    find_uv || return 1
    if python=$(new_python); then
        UV_PYTHON=$python
        export UV_PYTHON
    elif ! uv python find '>=3.12' >/dev/null 2>&1 && ! uv python install -q 3.13 2>/dev/null; then
        say "这里的 Python 早于 3.12，也取不到新的：请管理员安装 Python 3.12 或更高版本。"
        return 1
    fi
}

# Pango and what WeasyPrint needs beside it; without them everything works but the PDF, which is added later.
pango() {
    there=$(PATH="$PATH:/sbin:/usr/sbin" ldconfig -p 2>/dev/null)
    case $there in *libpangoft2-1.0*libharfbuzz-subset* | *libharfbuzz-subset*libpangoft2-1.0*) return 0 ;; esac
    install_packages libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 ||
        say "没有 Pango，先不生成 PDF；装好后运行 uv run manage.py publish --pending-pdf 即可补上。"
}
