//! The list of deliveries, newest first.

use std::sync::Arc;

use axum::extract::{Query as Form, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use maud::{Markup, html};
use webhook_inbox::{Error, Filter, Row, Seq};

use super::filter::Query;
use super::overview::overview;
use super::{Badge, Sent, Time, failed, layout, size, unavailable};
use crate::admin::Page;

/// How many deliveries a page has.
const PAGE: usize = 50;

/// The maximum number of deliveries that a filter is compared with for one page. Matches may be rare, and a page must
/// open quickly.
const SEARCHED: i64 = 10_000;

/// One page of rows.
struct Found {
    rows: Vec<Row>,
    /// The number after which the list continues, if it does.
    next: Option<Seq>,
    /// The first and the last number that were searched, if older ones were not searched.
    searched: Option<(Seq, Seq)>,
}

/// The page with the form, the plot and the list.
pub(in crate::admin) async fn list(State(page): State<Arc<Page>>, Form(query): Form<Query>) -> Response {
    let Found { rows, next, searched } = match find(&page, &query).await {
        Ok(found) => found,
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
            p #none {
                @if searched.is_some() { "No delivery matches so far." }
                @else if query.is_filtered() { "No delivery matches." }
                @else { "No delivery yet." }
            }
        }
        @if let Some((first, last)) = searched {
            p #searched { "Searched the deliveries " (last) " back to " (first) ". Older ones are not searched yet." }
        }
        nav.pages aria-label="Pages" {
            @if query.after().is_some() { a.button href=(query.link("/", None)) { "Newest" } }
            @if let Some(next) = next {
                a.button rel="next" href=(query.link("/", Some(next))) {
                    @if searched.is_some() { "Search older" } @else { "Older" }
                }
            }
        }
    };
    layout("Deliveries", &content).into_response()
}

/// The part that changes while the page is open. The script requests it.
pub(in crate::admin) async fn live(State(page): State<Arc<Page>>, Form(query): Form<Query>) -> Response {
    let rows = match find(&page, &query).await {
        Ok(found) => found.rows,
        Err(failed) => return failed,
    };
    let seen = page.monitor.seen();
    let parts = html! {
        #overview { (overview(seen.as_deref())) }
        table { tbody #rows { (body(&rows)) } }
    };
    Html(parts.into_string()).into_response()
}

async fn find(page: &Page, query: &Query) -> Result<Found, Response> {
    let mut filter = query.filter().map_err(|error| failed(StatusCode::BAD_REQUEST, &error))?;
    let unavailable = |error| unavailable(&error);
    let mut searched = None;
    if query.is_search() {
        let last = match query.after() {
            Some(after) => after.get() - 1,
            None => last(page, &filter).await.map_err(unavailable)?,
        };
        let first = last.saturating_sub(SEARCHED - 1);
        if first > 1 {
            filter = filter.seq_from(Seq::new(first));
            searched = Some((Seq::new(first), Seq::new(last)));
        }
    }
    let mut rows = page.inbox.list(&filter, query.after(), PAGE + 1).await.map_err(unavailable)?;
    if rows.len() > PAGE {
        rows.truncate(PAGE);
        let next = rows.last().map(|row| row.seq);
        return Ok(Found { rows, next, searched: None });
    }
    Ok(Found { rows, next: searched.map(|(first, _)| first), searched })
}

/// The number of the newest delivery of the time that is asked for.
async fn last(page: &Page, filter: &Filter) -> Result<i64, Error> {
    let mut newest = Filter::default().newest_first();
    newest.received_before = filter.received_before;
    Ok(page.inbox.list(&newest, None, 1).await?.first().map_or(0, |row| row.seq.get()))
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
