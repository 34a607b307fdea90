//! The filter form above the list.

use chrono::{DateTime, NaiveDateTime, Utc};
use maud::{Markup, html};
use serde::Deserialize;
use webhook_inbox::{Filter, Seq, State};

use crate::vendor::Vendor;

/// The query of a list, as a form sends it. Fields that are not filled in are empty.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::admin) struct Query {
    vendor: String,
    event: String,
    account: String,
    state: String,
    sink: String,
    from: String,
    before: String,
    key: String,
    /// The number after which the list continues.
    after: String,
}

impl Query {
    /// The filter of the query, or an error.
    pub(super) fn filter(&self) -> Result<Filter, String> {
        let mut filter = Filter::default().newest_first();
        let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        filter.vendor = given(&self.vendor);
        filter.account = given(&self.account);
        filter.sink = given(&self.sink);
        filter.key_contains = given(&self.key);
        filter.events.extend(given(&self.event));
        filter.received_from = given(&self.from).map(|text| time(&text)).transpose()?;
        filter.received_before = given(&self.before).map(|text| time(&text)).transpose()?;
        if let Some(state) = given(&self.state) {
            filter.states.push(state.parse().map_err(|error| format!("State: {error}"))?);
        }
        Ok(filter)
    }

    /// Where the page starts.
    pub(super) fn after(&self) -> Option<Seq> {
        self.after.parse().ok()
    }

    /// Whether anything is filtered.
    pub(super) fn is_filtered(&self) -> bool {
        self.pairs().into_iter().any(|(_, value)| !value.is_empty())
    }

    /// Whether each delivery must be compared with the query. A time has an index, and so have the dead.
    pub(super) fn is_search(&self) -> bool {
        let time = ["from", "before"];
        self.pairs().into_iter().any(|(name, value)| !value.is_empty() && !time.contains(&name))
            && self.state != State::Dead.as_str()
    }

    /// The same query from another start; empty for the beginning.
    pub(super) fn link(&self, path: &str, after: Option<Seq>) -> String {
        let after = after.map(|seq| seq.to_string()).unwrap_or_default();
        let pairs = self.pairs().into_iter().chain([("after", after.as_str())]);
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(pairs.filter(|(_, value)| !value.is_empty()));
        match query.finish() {
            query if query.is_empty() => path.to_owned(),
            query => format!("{path}?{query}"),
        }
    }

    fn pairs(&self) -> [(&'static str, &str); 8] {
        [
            ("vendor", &self.vendor),
            ("event", &self.event),
            ("account", &self.account),
            ("state", &self.state),
            ("sink", &self.sink),
            ("from", &self.from),
            ("before", &self.before),
            ("key", &self.key),
        ]
    }

    /// The form itself, filled with the query.
    pub(super) fn form(&self) -> Markup {
        let events = Vendor::ALL.iter().flat_map(|vendor| vendor.catalogue());
        html! {
            form.filter method="get" action="/" role="search" aria-label="Filter deliveries" {
                (select("vendor", "Vendor", &self.vendor, Vendor::ALL.iter().copied().map(Vendor::name)))
                label { "Event" input name="event" value=(self.event) list="events" placeholder="run.*"; }
                datalist #events { @for event in events { option value=(event.name) {} } }
                label { "Account" input name="account" value=(self.account); }
                (select("state", "State", &self.state, State::ALL.iter().map(|state| state.as_str())))
                label { "Sink" input name="sink" value=(self.sink); }
                label { "From (UTC)" input type="datetime-local" name="from" value=(self.from); }
                label { "Before (UTC)" input type="datetime-local" name="before" value=(self.before); }
                label { "Key contains" input name="key" value=(self.key); }
                div.buttons {
                    button type="submit" { "Filter" }
                    @if self.is_filtered() { a.button href="/" { "Clear" } }
                }
            }
        }
    }
}

fn select<'a>(name: &str, label: &str, chosen: &str, values: impl Iterator<Item = &'a str>) -> Markup {
    html! {
        label {
            (label)
            select name=(name) {
                option value="" { "any" }
                @for value in values { option value=(value) selected[value == chosen] { (value) } }
            }
        }
    }
}

/// A time as browsers and people write it, in UTC.
fn time(text: &str) -> Result<DateTime<Utc>, String> {
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return Ok(time.to_utc());
    }
    let formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S%.f"];
    let naive = formats.iter().find_map(|format| NaiveDateTime::parse_from_str(text, format).ok());
    naive.map(|time| time.and_utc()).ok_or_else(|| "Time: expected one such as 2026-01-31T12:00".to_owned())
}
