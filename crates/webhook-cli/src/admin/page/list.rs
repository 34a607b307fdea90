//! The list of deliveries, newest first.

use std::sync::Arc;

use axum::extract::{Query as Form, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use chrono::TimeDelta;
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
        searched = bound(page, &mut filter, query.after()).await.map_err(unavailable)?;
    }
    let mut rows = page.inbox.list(&filter, query.after(), PAGE + 1).await.map_err(unavailable)?;
    if rows.len() > PAGE {
        rows.truncate(PAGE);
        let next = rows.last().map(|row| row.seq);
        return Ok(Found { rows, next, searched: None });
    }
    Ok(Found { rows, next: searched.map(|(first, _)| first), searched })
}

/// Bounds a filter to the newest deliveries after a position. Returns the first and the last number of what is searched,
/// or `None` if everything is.
async fn bound(page: &Page, filter: &mut Filter, after: Option<Seq>) -> Result<Option<(Seq, Seq)>, Error> {
    let mut newest = Filter::default().newest_first();
    (newest.received_from, newest.received_before) = (filter.received_from, filter.received_before);
    let is_by_time = newest != Filter::default().newest_first();
    let one = async |filter: Filter, after| Ok(page.inbox.list(&filter, after, 1).await?.into_iter().next());
    let Some(last) = one(newest, after).await? else { return Ok(None) };
    let first = Seq::new(last.seq.get().saturating_sub(SEARCHED - 1));
    if first.get() <= 1 {
        return Ok(None);
    }
    if !is_by_time {
        filter.seq_from = Some(first);
        return Ok(Some((first, last.seq)));
    }
    let Some(first) = one(Filter::default().seq_from(first), None).await? else { return Ok(None) };
    let from = first.received_at;
    // The other way round where the clock was set back: then everything is searched.
    if from >= last.received_at || filter.received_from.is_some_and(|wanted| from <= wanted) {
        return Ok(None);
    }
    filter.received_from = Some(from);
    let at_once = Filter::default().received_from(from).received_before(from + TimeDelta::milliseconds(1));
    Ok(one(at_once, None).await?.map(|first| (first.seq, last.seq)))
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
