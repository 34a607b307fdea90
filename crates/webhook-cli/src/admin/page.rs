//! The HTML pages. Every text of a sender is escaped.

mod detail;
mod filter;
mod list;
mod login;
mod overview;

use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use chrono::{DateTime, SecondsFormat, Utc};
use maud::{DOCTYPE, Markup, Render, html};
use webhook_inbox::{Dispatch, Error, ErrorKind};

pub(super) use self::detail::{detail, replay};
pub(super) use self::list::{list, live};
pub(super) use self::login::{login, login_failed};
use super::payload::cut;
use crate::output::plain;

pub(super) const ICON: &str = include_str!("page/icon.svg");
pub(super) const STYLE: &str = include_str!("page/style.css");
pub(super) const SCRIPT: &str = include_str!("page/script.js");

/// A whole page.
fn layout(title: &str, content: &Markup) -> Html<String> {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " · webhooks" }
                link rel="stylesheet" href="/style.css";
                link rel="icon" href="/icon.svg";
                script src="/script.js" defer {}
            }
            body {
                a.skip href="#content" { "Skip to content" }
                header { a.brand href="/" { "webhooks" } nav aria-label="Views" {
                    a href="/" { "Deliveries" }
                    a href="/?state=dead" { "Dead letters" }
                    a href="/metrics" { "Metrics" }
                    a href="/readyz" { "Health" }
                } }
                main #content { (content) }
            }
        }
    };
    Html(page.into_string())
}

/// A page for an error.
pub(super) fn failed(status: StatusCode, why: &str) -> Response {
    let title = status.canonical_reason().unwrap_or("Error");
    let page = layout(title, &html! { h1 { (title) } p { (why) } p { a href="/" { "All deliveries" } } });
    (status, page).into_response()
}

/// A page for a store that does not answer.
pub(super) fn unavailable(error: &Error) -> Response {
    let status = match error.kind() {
        ErrorKind::Misuse => StatusCode::BAD_REQUEST,
        _ => StatusCode::SERVICE_UNAVAILABLE,
    };
    failed(status, &error.to_string())
}

/// A text of a sender, cut, on one line, with invisible characters made visible.
struct Sent<'a>(&'a str, usize);

impl Render for Sent<'_> {
    fn render(&self) -> Markup {
        let (start, left_out) = cut(self.0, self.1);
        html! { bdi { (plain(start)) } @if left_out > 0 { "…" } }
    }
}

/// A point in time, to the second.
struct Time(DateTime<Utc>);

impl Render for Time {
    fn render(&self) -> Markup {
        let exact = self.0.to_rfc3339_opts(SecondsFormat::Millis, true);
        html! { time datetime=(exact) title=(exact) { (self.0.format("%Y-%m-%d %H:%M:%S")) } }
    }
}

/// The state at a sink, as text and as a colour.
struct Badge<'a>(&'a Dispatch);

impl Render for Badge<'_> {
    fn render(&self) -> Markup {
        let state = self.0.state.as_str();
        html! {
            span class={ "badge " (state) } {
                (Sent(&self.0.sink, 40)) ": " (state)
                @if self.0.attempts > 1 { " (" (self.0.attempts) " attempts)" }
            }
        }
    }
}

/// A number of bytes for people.
fn size(bytes: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "one digit behind the point is shown")]
    let number = bytes as f64;
    match bytes {
        0..1024 => format!("{bytes} B"),
        1024..1_048_576 => format!("{:.1} KiB", number / 1024.0),
        1_048_576..1_073_741_824 => format!("{:.1} MiB", number / 1_048_576.0),
        _ => format!("{:.1} GiB", number / 1_073_741_824.0),
    }
}
