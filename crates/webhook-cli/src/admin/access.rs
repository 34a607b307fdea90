//! Access control: the host and the origin of a request, and the token.
//!
//! Another web page in the operator's browser must not read deliveries by DNS rebinding. It must not replay them by a
//! cross-site form.

use std::net::IpAddr;
use std::sync::Arc;

use axum::Form;
use axum::extract::{Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chrono::Utc;
use hmac::{Hmac, KeyInit, Mac};
use serde::Deserialize;
use sha2::Sha256;
use tokio::net::TcpListener;

use super::{Arguments, Page, page};
use crate::secrets;

/// How long a login lasts, in seconds.
const SESSION_SECONDS: i64 = 12 * 60 * 60;

const COOKIE: &str = "webhooks_admin";

/// The content security policy: only own resources, no inline scripts or styles, no frames.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The access rules of the page.
pub(super) struct Access {
    /// An HMAC with the token as key. Texts are compared by their codes, in constant time.
    token: Option<Hmac<Sha256>>,
    hosts: Vec<String>,
}

impl Access {
    pub(super) fn new(arguments: &Arguments, listeners: &[TcpListener]) -> Result<Self, String> {
        let token = secrets::admin_token(arguments.token_file.as_deref())?;
        for listener in listeners {
            let address = listener.local_addr().map_err(|error| error.to_string())?;
            if token.is_none() && !address.ip().is_loopback() {
                return Err(format!(
                    "other machines reach the admin page at {address}: set WEBHOOKS_ADMIN_TOKEN or \
                     --admin-token-file, or use 127.0.0.1"
                ));
            }
        }
        let token = token
            .map(|token| Hmac::<Sha256>::new_from_slice(token.as_bytes()).map_err(|error| error.to_string()));
        let hosts = arguments.hosts.iter().map(|host| host.to_ascii_lowercase()).collect();
        Ok(Self { token: token.transpose()?, hosts })
    }

    pub(super) fn needs_token(&self) -> bool {
        self.token.is_some()
    }

    /// Whether the host of a request is allowed. IP addresses are allowed, because DNS rebinding needs a name.
    fn knows(&self, authority: &Authority) -> bool {
        let host = authority.host().trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
        host == "localhost" || host.parse::<IpAddr>().is_ok() || self.hosts.contains(&host)
    }

    /// Whether this is the token.
    fn is_token(&self, text: &str) -> bool {
        let Some(key) = &self.token else { return true };
        // The token is right if its code is equal to `code` of the real token.
        let Ok(offered) = Hmac::<Sha256>::new_from_slice(text.as_bytes()) else { return false };
        let code = offered.chain_update(b"token").finalize().into_bytes();
        key.clone().chain_update(b"token").verify(&code).is_ok()
    }

    /// The cookie in place of the token: the end of the session, and a code that only a holder of the token can make.
    fn session(&self, ends_at: i64) -> Option<String> {
        let code = self.session_code(ends_at)?.finalize().into_bytes();
        Some(format!("{ends_at}.{}", BASE64_URL_SAFE_NO_PAD.encode(code)))
    }

    fn session_code(&self, ends_at: i64) -> Option<Hmac<Sha256>> {
        Some(self.token.as_ref()?.clone().chain_update(b"session").chain_update(ends_at.to_be_bytes()))
    }

    fn is_session(&self, cookie: &str, now: i64) -> bool {
        let Some((ends_at, code)) = cookie.split_once('.') else { return false };
        let (Ok(ends_at), Ok(code)) = (ends_at.parse::<i64>(), BASE64_URL_SAFE_NO_PAD.decode(code)) else {
            return false;
        };
        ends_at > now
            && self.session_code(ends_at).is_some_and(|expected| expected.verify_slice(&code).is_ok())
    }

    fn allows(&self, headers: &HeaderMap) -> bool {
        if self.token.is_none() {
            return true;
        }
        let bearer = headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .is_some_and(|(_, token)| self.is_token(token.trim()));
        bearer || cookies(headers).any(|cookie| self.is_session(cookie, Utc::now().timestamp()))
    }
}

fn cookies(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().strip_prefix(COOKIE)?.strip_prefix('='))
}

/// Allows requests to a known host. Requests that change something must come from the page itself.
pub(super) async fn origin(State(page): State<Arc<Page>>, request: Request, next: Next) -> Response {
    let refuse = |why| page::failed(StatusCode::FORBIDDEN, why);
    let headers = request.headers();
    let mut named = headers.get_all(header::HOST).iter();
    let host = match (named.next(), named.next()) {
        (Some(host), None) => host.to_str().ok().and_then(|host| host.parse::<Authority>().ok()),
        _ => None,
    };
    let Some(host) = host.filter(|host| page.access.knows(host)) else {
        return refuse("This host name is not allowed; allow it with --admin-host.");
    };
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if !reads && !is_own(headers, &host) {
        return refuse("This request does not come from the admin page.");
    }
    next.run(request).await
}

/// Whether the browser reports that the request comes from the page itself. A missing report is treated as no.
fn is_own(headers: &HeaderMap, host: &Authority) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    match (text("sec-fetch-site"), text("origin")) {
        (Some(site), _) if site != "same-origin" => false,
        (_, Some(origin)) => {
            let authority = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
            authority.is_some_and(|authority| authority.eq_ignore_ascii_case(host.as_str()))
        }
        (site, None) => site.is_some(),
    }
}

/// Requires the token, if one is configured.
pub(super) async fn token(State(page): State<Arc<Page>>, request: Request, next: Next) -> Response {
    if page.access.allows(request.headers()) {
        return next.run(request).await;
    }
    let person = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok());
    if *request.method() == Method::GET && person.is_some_and(|accepted| accepted.contains("text/html")) {
        return Redirect::to("/login").into_response();
    }
    let challenge = [(header::WWW_AUTHENTICATE, "Bearer")];
    (StatusCode::UNAUTHORIZED, challenge, "the admin token is missing or wrong\n").into_response()
}

#[derive(Deserialize)]
pub(super) struct Login {
    token: String,
}

/// Creates a session for the token.
pub(super) async fn log_in(State(page): State<Arc<Page>>, Form(login): Form<Login>) -> Response {
    let ends_at = Utc::now().timestamp() + SESSION_SECONDS;
    let session = page.access.session(ends_at).filter(|_| page.access.is_token(&login.token));
    let Some(session) = session else {
        return page::login_failed();
    };
    let cookie = format!("{COOKIE}={session}; Path=/; HttpOnly; SameSite=Strict; Max-Age={SESSION_SECONDS}");
    ([(header::SET_COOKIE, cookie)], Redirect::to("/")).into_response()
}

/// Adds security headers.
pub(super) async fn hardened(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        // Not `no-referrer`, because a form would then send no origin.
        (header::REFERRER_POLICY, "same-origin"),
        (header::CACHE_CONTROL, "no-store"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.insert("cross-origin-opener-policy", HeaderValue::from_static("same-origin"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("same-origin"));
    response
}
