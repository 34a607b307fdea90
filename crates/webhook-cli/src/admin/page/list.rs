//! The list of deliveries, newest first.

use std::sync::Arc;

use axum::extract::{Query as Form, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use maud::{Markup, html};
use webhook_inbox::{Row, Seq};

use super::filter::Query;
use super::overview::overview;
use super::{Badge, Sent, Time, failed, layout, size, unavailable};
use crate::admin::Page;

/// How many deliveries a page has.
const PAGE: usize = 50;

/// The page with the form, the plot and the list.
pub(in crate::admin) async fn list(State(page): State<Arc<Page>>, Form(query): Form<Query>) -> Response {
    let (rows, next) = match rows(&page, &query).await {
        Ok(rows) => rows,
        Err(failed) => return failed,
    };
    let seen = page.monitor.seen();
    // Only the first page is refreshed: text on other pages must not move while it is read.
    let live = query.after().is_none().then(|| query.link("/live", None));
    let content = html! {
        h1 { "Deliveries" }
        #overview { (overview(seen.as_deref())) }
        (query.form())
        #live data-live=[live] {
            p #status role="status" {}
        }
        table.deliveries {
            caption.hidden { "Deliveries, newest first" }
            thead { tr {
                th scope="col" { "Number" } th scope="col" { "Received (UTC)" } th scope="col" { "Vendor" }
                th scope="col" { "Event" } th scope="col" { "Account" } th scope="col" { "Key" }
                th scope="col" { "Copies" } th scope="col" { "Size" } th scope="col" { "Sinks" }
            } }
            tbody #rows { (body(&rows)) }
        }
        @if rows.is_empty() {
            p #none { @if query.is_filtered() { "No delivery matches." } @else { "No delivery yet." } }
        }
        nav.pages aria-label="Pages" {
            @if query.after().is_some() { a.button href=(query.link("/", None)) { "Newest" } }
            @if let Some(next) = next { a.button rel="next" href=(query.link("/", Some(next))) { "Older" } }
        }
    };
    layout("Deliveries", &content).into_response()
}

/// The part that changes while the page is open. The script requests it.
pub(in crate::admin) async fn live(State(page): State<Arc<Page>>, Form(query): Form<Query>) -> Response {
    let (rows, _) = match rows(&page, &query).await {
        Ok(rows) => rows,
        Err(failed) => return failed,
    };
    let seen = page.monitor.seen();
    let parts = html! {
        #overview { (overview(seen.as_deref())) }
        table { tbody #rows { (body(&rows)) } }
    };
    Html(parts.into_string()).into_response()
}

/// One page of rows, and the number after which the next page starts.
async fn rows(page: &Page, query: &Query) -> Result<(Vec<Row>, Option<Seq>), Response> {
    let filter = query.filter().map_err(|error| failed(StatusCode::BAD_REQUEST, &error))?;
    let listed = page.inbox.list(&filter, query.after(), PAGE + 1).await;
    let mut rows = listed.map_err(|error| unavailable(&error))?;
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let next = rows.last().map(|row| row.seq).filter(|_| more);
    Ok((rows, next))
}

fn body(rows: &[Row]) -> Markup {
    html! { @for row in rows { (line(row)) } }
}

fn line(row: &Row) -> Markup {
    let unnamed = || html! { span.faint { "none" } };
    html! {
        tr data-seq=(row.seq) {
            th scope="row" { a href={ "/deliveries/" (row.seq) } { (row.seq) } }
            td { (Time(row.received_at)) }
            td.vendor { (Sent(&row.vendor, 40)) }
            td { @if let Some(event) = &row.event { (Sent(event, 60)) } @else { (unnamed()) } }
            td { @if let Some(account) = &row.account { (Sent(account, 40)) } @else { (unnamed()) } }
            td.key { (Sent(&row.key, 24)) }
            td.number { (row.copies) }
            td.number { (size(row.body_bytes)) }
            td {
                @for dispatch in &row.sinks { (Badge(dispatch)) " " }
                @if row.sinks.is_empty() { span.faint { "none" } }
            }
        }
    }
}
