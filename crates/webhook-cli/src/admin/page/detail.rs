//! One delivery.

use std::sync::Arc;

use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;
use tokio::task::spawn_blocking;
use webhook_inbox::{Attempt, Ended, Filter, Row, Seq, State as Stage, StoredDelivery};

use super::{Badge, Sent, Time, failed, layout, size, unavailable};
use crate::admin::Page;
use crate::admin::payload::{Notes, Shown, shown};
use crate::admin::reading::Reading;

#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::admin) struct Done {
    replayed: Option<u64>,
}

pub(in crate::admin) async fn detail(
    State(page): State<Arc<Page>>,
    Path(seq): Path<i64>,
    Query(done): Query<Done>,
) -> Response {
    let seq = Seq::new(seq);
    let delivery = match page.inbox.get(seq).await {
        Ok(Some(delivery)) => delivery,
        Ok(None) => return failed(StatusCode::NOT_FOUND, "There is no such delivery."),
        Err(error) => return unavailable(&error),
    };
    let attempts = match page.inbox.attempts(seq).await {
        Ok(attempts) => attempts,
        Err(error) => return unavailable(&error),
    };
    // A large body takes time, so it is rendered on a thread that does not answer vendors.
    let made = spawn_blocking(move || made(&delivery, &attempts, done.replayed)).await;
    match made {
        Ok(content) => layout(&format!("Delivery {seq}"), &content).into_response(),
        Err(_) => failed(StatusCode::INTERNAL_SERVER_ERROR, "This delivery cannot be shown."),
    }
}

fn made(delivery: &StoredDelivery, attempts: &[Attempt], replayed: Option<u64>) -> Markup {
    let row = &delivery.row;
    let reading = Reading::of(&row.vendor, row.event.as_deref(), &delivery.body);
    let mut notes = reading.notes();
    let payload = shown(&delivery.body, &mut notes);
    let typed = reading.webhook.as_ref().map(|webhook| shown(webhook.as_bytes(), &mut Notes::new()));
    html! {
        h1 {
            "Delivery " (row.seq) ": " (Sent(&row.vendor, 40)) " "
            @if let Some(event) = &row.event { (Sent(event, 100)) } @else { "without an event name" }
        }
        @if let Some(meaning) = reading.meaning { p { (meaning) } }
        @if let Some(count) = replayed {
            p.done role="status" {
                @if count == 0 { "Nothing was replayed: pending and claimed deliveries are not changed." }
                @else { "Replayed: pending again at " (count) " sink" @if count != 1 { "s" } "." }
            }
        }
        (facts(row))
        @if row.pruned_at.is_none() { (actions(row)) }
        (sinks(row))
        (history(attempts))
        (drift(&reading))
        section aria-labelledby="payload" {
            h2 #payload { "Payload" }
            @if let Some(pruned) = row.pruned_at { p { "The body was pruned at " (Time(pruned)) "." } }
            @else { (code(&payload, row)) }
        }
        @if row.pruned_at.is_none() {
            section aria-labelledby="typed" {
                h2 #typed { "Decoded payload" }
                @if let Some(error) = &reading.error { p.error { "Does not decode: " (Sent(error, 500)) } }
                @if let Some(typed) = &typed { (code(typed, row)) }
                @if typed.is_none() && reading.error.is_none() { p.faint { "There is no crate for this vendor." } }
            }
        }
    }
}

fn code(shown: &Shown, row: &Row) -> Markup {
    html! {
        pre tabindex="0" { code { (shown.html) } }
        @if !shown.complete {
            p { "This is the start. " a href={ "/deliveries/" (row.seq) "/body" } { "All " (size(row.body_bytes)) } }
        }
    }
}

fn facts(row: &Row) -> Markup {
    html! {
        dl.facts {
            dt { "Received" } dd { (Time(row.received_at)) " UTC" }
            @if row.copies > 1 { dt { "Copies" } dd { (row.copies) ", the last one at " (Time(row.last_at)) " UTC" } }
            @if let Some(occurred) = row.occurred_at { dt { "Occurred" } dd { (Time(occurred)) " UTC" } }
            @if let Some(account) = &row.account { dt { "Account" } dd { (Sent(account, 255)) } }
            dt { "Key" } dd { code { (Sent(&row.key, 255)) } }
            @if !row.route.is_empty() { dt { "Route" } dd { (Sent(&row.route, 255)) } }
            dt { "Size" } dd { (size(row.body_bytes)) }
            @for (name, value) in &row.headers { dt { (Sent(name, 40)) } dd { (Sent(value, 512)) } }
        }
    }
}

fn actions(row: &Row) -> Markup {
    let path = format!("/deliveries/{}", row.seq);
    html! {
        div.buttons {
            form method="post" action={ (path) "/replay" } {
                button type="submit" disabled[!row.sinks.iter().any(|dispatch| is_over(dispatch.state))] { "Replay at every sink" }
            }
            // The copy buttons need the script, which shows them. The links do not.
            button type="button" data-copy={ (path) "/curl" } hidden { "Copy as curl" }
            button type="button" data-copy={ (path) "/fixture" } hidden { "Copy as fixture" }
            a.button href={ (path) "/curl" } { "Open as curl" }
            a.button href={ (path) "/fixture" } { "Open as fixture" }
            a.button href={ (path) "/body" } { "Download body" }
            span #status role="status" {}
        }
    }
}

/// Whether there is something to replay: pending and claimed deliveries are not changed.
fn is_over(state: Stage) -> bool {
    !matches!(state, Stage::Pending | Stage::Claimed)
}

fn sinks(row: &Row) -> Markup {
    html! {
        section aria-labelledby="sinks" {
            h2 #sinks { "Sinks" }
            @if row.sinks.is_empty() { p.faint { "No sink knows this delivery." } }
            @else {
                table {
                    thead { tr {
                        th scope="col" { "State" } th scope="col" { "Attempts" } th scope="col" { "Next attempt (UTC)" }
                        th scope="col" { "Last failure" } th scope="col" { "Repeat" }
                    } }
                    tbody { @for dispatch in &row.sinks {
                        tr {
                            th scope="row" { (Badge(dispatch)) }
                            td.number { (dispatch.attempts) }
                            td { @if dispatch.state == Stage::Pending { (Time(dispatch.due_at)) } }
                            td { @if let Some(error) = &dispatch.error { (Sent(error, 500)) } }
                            td { @if is_over(dispatch.state) { form method="post" action={ "/deliveries/" (row.seq) "/replay" } {
                                input type="hidden" name="sink" value=(dispatch.sink);
                                button type="submit" aria-label={ "Replay at " (dispatch.sink) } { "Replay" }
                            } } }
                        }
                    } }
                }
            }
        }
    }
}

fn history(attempts: &[Attempt]) -> Markup {
    /// The newest attempts are the most relevant.
    const SHOWN: usize = 100;
    html! {
        @if !attempts.is_empty() {
            section aria-labelledby="attempts" {
                h2 #attempts { "Attempts" }
                table {
                    thead { tr {
                        th scope="col" { "Sink" } th scope="col" { "Number" } th scope="col" { "Ended (UTC)" }
                        th scope="col" { "How" } th scope="col" { "Note" }
                    } }
                    tbody { @for attempt in attempts.iter().rev().take(SHOWN) {
                        tr {
                            th scope="row" { (Sent(&attempt.sink, 40)) }
                            td.number { (attempt.number) }
                            td { (Time(attempt.at)) }
                            td { (ended(attempt.ended)) }
                            td { @if let Some(note) = &attempt.note { (Sent(note, 1_000)) } }
                        }
                    } }
                }
                @if attempts.len() > SHOWN { p.faint { "and " (attempts.len() - SHOWN) " before them" } }
            }
        }
    }
}

fn ended(ended: Ended) -> Markup {
    let (class, text) = match ended {
        Ended::Done => ("done", "done"),
        Ended::Dead => ("dead", "dead"),
        _ => ("pending", "failed, retried"),
    };
    html! { span class={ "badge " (class) } { (text) } }
}

fn drift(reading: &Reading) -> Markup {
    html! {
        @if !reading.drift.is_empty() {
            section aria-labelledby="drift" {
                h2 #drift { "Drift" }
                p { "Differences between the payload and the documented form of its event. Those in the payload are marked below." }
                ul { @for (path, kind) in &reading.drift { li { (kind) " " code { (Sent(path, 300)) } } } }
                @if reading.more_drift > 0 { p.faint { "and " (reading.more_drift) " more" } }
            }
        }
    }
}

#[derive(Deserialize)]
pub(in crate::admin) struct Again {
    sink: Option<String>,
}

/// Makes one delivery pending again, at one sink or at all of them.
pub(in crate::admin) async fn replay(
    State(page): State<Arc<Page>>,
    Path(seq): Path<i64>,
    Form(again): Form<Again>,
) -> Response {
    let filter = Filter::default().seq(Seq::new(seq));
    match page.inbox.replay(&filter, again.sink.as_deref()).await {
        Ok(count) => {
            // The numbers above the list must be current.
            let _ = page.monitor.look(&page.inbox).await;
            Redirect::to(&format!("/deliveries/{seq}?replayed={count}")).into_response()
        }
        Err(error) => unavailable(&error),
    }
}
