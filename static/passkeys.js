// Passkeys: sign in with one, or add one. What belongs to them is hidden where the browser knows none.
"use strict";
addEventListener("DOMContentLoaded", () => {
  const area = document.getElementById("passkey");
  if (!area || !window.PublicKeyCredential || !navigator.credentials) return;
  area.hidden = false;
  const without = document.getElementById("no-passkey"), adding = area.tagName === "FORM";
  if (without) without.hidden = true;
  const status = area.querySelector("[role=status]"), button = area.querySelector("button");
  const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (each) => each.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const said = {
    NotAllowedError: "没有完成：取消了，或者等得太久。请再按一次。",
    InvalidStateError: "这台设备已经添加过，不用再加。",
    NotSupportedError: "这台设备没有可以用的通行密钥。",
    SecurityError: "通行密钥只能在网站的正式域名下使用（试用时用 localhost 打开）。",
  };

  async function ask(address, body) {
    const answer = await fetch(address, { method: "POST", headers: { "Content-Type": "application/json", "X-CSRFToken": token }, body: JSON.stringify(body) });
    if (answer.redirected) throw new Error("登录已过期，请刷新页面重新登录。");
    const data = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Error(data.detail || "没有连上服务器，请稍后再试。");
    return data;
  }

  const listed = (given) => (given || []).map((each) => ({ ...each, id: bytes(each.id) }));

  async function add() {
    const asked = await ask(area.dataset.begin, {});
    const made = await navigator.credentials.create({ publicKey: {
      ...asked, challenge: bytes(asked.challenge), user: { ...asked.user, id: bytes(asked.user.id) }, excludeCredentials: listed(asked.excludeCredentials),
    } });
    const transports = made.response.getTransports ? made.response.getTransports() : [];
    await ask(area.dataset.complete, { ...shared(made), name: document.getElementById("passkey-name").value,
      response: { clientDataJSON: text(made.response.clientDataJSON), attestationObject: text(made.response.attestationObject), transports } });
    location.assign(area.dataset.done);
  }

  async function signIn() {
    const asked = await ask(area.dataset.begin, {});
    const made = await navigator.credentials.get({ publicKey: { ...asked, challenge: bytes(asked.challenge), allowCredentials: listed(asked.allowCredentials) } });
    const { clientDataJSON, authenticatorData, signature, userHandle } = made.response;
    const done = await ask(area.dataset.complete, { ...shared(made), response: { clientDataJSON: text(clientDataJSON),
      authenticatorData: text(authenticatorData), signature: text(signature), userHandle: userHandle ? text(userHandle) : null } });
    location.assign(done.redirect_url);
  }

  const shared = (made) => ({ id: made.id, rawId: text(made.rawId), type: made.type,
    authenticatorAttachment: made.authenticatorAttachment || null, clientExtensionResults: made.getClientExtensionResults() });

  async function run(event) {
    event.preventDefault();
    button.disabled = true;
    status.textContent = "请按浏览器的提示确认。";
    try {
      await (adding ? add() : signIn());
    } catch (error) {
      status.textContent = said[error.name] || error.message;
    }
    button.disabled = false;
  }
  if (adding) area.addEventListener("submit", run); else button.addEventListener("click", run);
});
