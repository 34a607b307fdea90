//! `--admin`: a web page with the deliveries, the health of the process and its metrics, on a separate address.

mod access;
mod arguments;
mod connections;
mod monitor;
mod page;
mod payload;
mod reading;
mod request;

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use tokio::net::TcpListener;
use tokio::time::timeout;
use webhook_inbox::{Inbox, OPENMETRICS};

use self::access::Access;
pub(crate) use self::arguments::Admin as Arguments;
pub(crate) use self::connections::MAX_CONNECTIONS;
use self::monitor::Monitor;

/// The time limit of an answer, including the time of the store.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(30);

/// How long a client may take to send a form. A person without the token can send one too.
const FORM_TIMEOUT: Duration = Duration::from_secs(5);

/// The maximum size of a form; it is usually a hundred bytes.
const MAX_FORM_BYTES: usize = 16 * 1024;

/// The reasons why the process is not ready, besides its store.
pub(crate) type Reasons = Box<dyn Fn() -> Vec<String> + Send + Sync>;

/// The page, bound to its address but not serving yet.
pub(crate) struct Admin {
    listeners: Vec<TcpListener>,
    page: Arc<Page>,
}

/// The state for the answers.
struct Page {
    inbox: Inbox,
    access: Access,
    monitor: Monitor,
}

impl Admin {
    /// Binds the address; `None` if none is configured.
    ///
    /// # Errors
    ///
    /// The address is in use, the address is reachable by other machines without a token, or the token cannot be read.
    /// The message names the address or the file.
    pub(crate) fn bind(
        arguments: &Arguments,
        inbox: Option<&Inbox>,
        reasons: Reasons,
    ) -> Result<Option<Self>, String> {
        let Some(address) = &arguments.address else { return Ok(None) };
        let Some(inbox) = inbox else { return Err("--admin shows an inbox; add --inbox".to_owned()) };
        let listeners = address.listen().map_err(|error| error.to_string())?;
        let access = Access::new(arguments, &listeners)?;
        let monitor = Monitor::new(arguments.min_free_bytes, reasons);
        Ok(Some(Self { listeners, page: Arc::new(Page { inbox: inbox.clone(), access, monitor }) }))
    }

    /// The address of the page, as one line for the operator.
    pub(crate) fn announcement(&self) -> io::Result<String> {
        let address = self.listeners.first().map(TcpListener::local_addr).transpose()?;
        let token = if self.page.access.needs_token() { ", with the token" } else { "" };
        Ok(address.map_or_else(String::new, |address| format!("admin page on http://{address}{token}")))
    }

    /// Serves until the process ends. While deliveries in flight are answered, the page shows that the process is
    /// shutting down.
    pub(crate) async fn serve(self) {
        let Self { listeners, page } = self;
        let watched = Arc::clone(&page);
        let watching = tokio::spawn(async move { watched.monitor.watch(&watched.inbox).await });
        connections::serve(listeners, router(page)).await;
        watching.abort();
    }
}

fn router(page: Arc<Page>) -> Router {
    let guarded = Router::new()
        .route("/", get(page::list))
        .route("/live", get(page::live))
        .route("/deliveries/{seq}", get(page::detail))
        .route("/deliveries/{seq}/body", get(request::body))
        .route("/deliveries/{seq}/curl", get(request::curl))
        .route("/deliveries/{seq}/fixture", get(request::fixture))
        .route("/deliveries/{seq}/replay", post(page::replay))
        .route("/metrics", get(metrics))
        .layer(middleware::from_fn(connections::busy))
        .layer(middleware::from_fn_with_state(Arc::clone(&page), access::token));
    Router::new()
        .merge(guarded)
        .route("/login", get(page::login).post(access::log_in))
        .route("/style.css", get(async || asset("text/css; charset=utf-8", page::STYLE)))
        .route("/script.js", get(async || asset("text/javascript; charset=utf-8", page::SCRIPT)))
        .route("/icon.svg", get(async || asset("image/svg+xml", page::ICON)))
        // Browsers request this if a text has no icon.
        .route("/favicon.ico", get(async || asset("image/svg+xml", page::ICON)))
        .route("/livez", get(async || "alive\n"))
        .route("/readyz", get(ready))
        .fallback(async || page::failed(StatusCode::NOT_FOUND, "There is no such page."))
        .layer(middleware::from_fn(in_time))
        .layer(middleware::from_fn(with_form))
        .layer(middleware::from_fn_with_state(Arc::clone(&page), access::origin))
        .layer(middleware::from_fn(access::hardened))
        .with_state(page)
}

/// Reads the form of a request, with limits for its size and its time.
async fn with_form(request: Request, next: Next) -> Response {
    let (head, body) = request.into_parts();
    let refused = match timeout(FORM_TIMEOUT, to_bytes(body, MAX_FORM_BYTES)).await {
        Ok(Ok(form)) => return next.run(Request::from_parts(head, form.into())).await,
        Ok(Err(_)) => page::failed(StatusCode::PAYLOAD_TOO_LARGE, "The form is too large, or ended early."),
        Err(_) => page::failed(StatusCode::REQUEST_TIMEOUT, "The form did not arrive in time."),
    };
    ([(header::CONNECTION, HeaderValue::from_static("close"))], refused).into_response()
}

async fn in_time(request: Request, next: Next) -> Response {
    timeout(ANSWER_TIMEOUT, next.run(request))
        .await
        .unwrap_or_else(|_| page::failed(StatusCode::SERVICE_UNAVAILABLE, "The store took too long."))
}

fn asset(kind: &'static str, text: &'static str) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, HeaderValue::from_static(kind))], text)
}

async fn ready(State(page): State<Arc<Page>>) -> (StatusCode, String) {
    let reasons = page.monitor.not_ready(&page.inbox).await;
    if reasons.is_empty() {
        return (StatusCode::OK, "ready\n".to_owned());
    }
    let lines = reasons.iter().flat_map(|reason| ["not ready: ", reason, "\n"]).collect();
    (StatusCode::SERVICE_UNAVAILABLE, lines)
}

async fn metrics(State(page): State<Arc<Page>>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, OPENMETRICS)], page.inbox.openmetrics().await)
}
