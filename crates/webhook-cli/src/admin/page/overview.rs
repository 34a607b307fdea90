//! The overview above the list: the sinks with their dead letters, and the number of deliveries of the last day.

use chrono::{DateTime, TimeDelta, Utc};
use maud::{Markup, html};
use webhook_inbox::SinkCounts;

use super::{Sent, Time, size};
use crate::admin::monitor::{STEP, STEPS, Seen};

const HEIGHT: u64 = 60;
const BAR: usize = 10;

pub(super) fn overview(seen: Option<&Seen>) -> Markup {
    let Some(seen) = seen else {
        return html! { p.faint { "The store was not read yet, or cannot be read: see Health." } };
    };
    html! {
        div.overview {
            section aria-label="Sinks" {
                h2 { "Sinks" }
                @if seen.sinks.is_empty() { p.faint { "No sink is registered: deliveries are stored and not delivered." } }
                @else { (sinks(&seen.sinks, seen.at)) }
            }
            section aria-label="Last 24 hours" {
                h2 { "Last 24 hours" }
                (plot(&seen.received, seen.from))
                p.faint {
                    "Deliveries: " (seen.deliveries) ", " (size(seen.bytes)) " of " (seen.store)
                    @if let Some(free) = seen.free_bytes { ", " (size(free)) " free" }
                    ", as of " (Time(seen.at)) " UTC"
                }
            }
        }
    }
}

fn sinks(sinks: &[SinkCounts], now: DateTime<Utc>) -> Markup {
    html! {
        table {
            thead { tr {
                th scope="col" { "Sink" } th scope="col" { "Pending" } th scope="col" { "Claimed" }
                th scope="col" { "Dead" } th scope="col" { "Oldest" }
            } }
            tbody { @for counts in sinks {
                tr {
                    th scope="row" {
                        (Sent(&counts.sink, 40))
                        @if let Some(until) = counts.paused_until { " " span.badge.dead { "paused until " (Time(until)) } }
                    }
                    td.number { (counts.pending) }
                    td.number { (counts.claimed) }
                    td.number { (dead(counts)) }
                    td { @if let Some(oldest) = counts.oldest_pending_at { (age(now - oldest)) } @else { "–" } }
                }
            } }
        }
    }
}

fn dead(counts: &SinkCounts) -> Markup {
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("state", "dead")
        .append_pair("sink", &counts.sink)
        .finish();
    html! {
        @if counts.dead == 0 { "0" }
        @else { a.badge.dead href={ "/?" (query) } { (counts.dead) " dead" } }
    }
}

fn age(age: TimeDelta) -> String {
    match age.num_seconds().max(0) {
        seconds @ 0..60 => format!("{seconds} s"),
        seconds @ 60..3_600 => format!("{} min", seconds / 60),
        seconds @ 3_600..86_400 => format!("{} h", seconds / 3_600),
        seconds => format!("{} d", seconds / 86_400),
    }
}

/// A bar for every half hour, and the same as a table for screen readers.
fn plot(received: &[u64], from: DateTime<Utc>) -> Markup {
    let most = received.iter().copied().max().unwrap_or_default();
    let all: u64 = received.iter().sum();
    let noun = if all == 1 { "delivery" } else { "deliveries" };
    let step = TimeDelta::from_std(STEP).unwrap_or_default();
    let bars = received.iter().zip(0_i32..).zip((0..).step_by(BAR));
    let width = STEPS * BAR;
    html! {
        svg.plot viewBox={ "0 0 " (width) " " (HEIGHT + 2) } role="img" aria-labelledby="plot-title" {
            title #plot-title { (all) " " (noun) " in the last 24 hours, at most " (most) " in half an hour" }
            @for ((count, number), x) in bars {
                // A count above zero is always visible.
                @let height = (count * HEIGHT).checked_div(most).map_or(0, |height| height.max(u64::from(*count > 0)));
                rect x=(x) y=(HEIGHT - height) width=(BAR - 2) height=(height + 1) {
                    title { (count) " from " ((from + step * number).format("%H:%M")) " UTC" }
                }
            }
        }
        p.axis { span { (from.format("%H:%M")) } span { (all) " " (noun) } span { "now" } }
    }
}
