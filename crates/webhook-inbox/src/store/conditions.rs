//! A filter as a condition in SQL, for both databases.
//!
//! Parameters are numbered in the order in which they occur, and none occurs twice. Therefore `$1` means the same in
//! Postgres, where it is a number, and in SQLite, where it is a name.

use super::millis;
use crate::filter::Filter;
use crate::prune::Prune;
use crate::stored::{Seq, State};

/// The SQL dialects of the databases.
#[derive(Clone, Copy)]
pub(crate) enum Dialect {
    Sqlite,
    #[cfg(feature = "postgres")]
    Postgres,
}

/// The value of a parameter.
#[derive(Debug, Clone)]
pub(crate) enum Value {
    Text(String),
    Number(i64),
}

/// A condition that is being built.
pub(crate) struct Conditions {
    dialect: Dialect,
    /// Whether the rows are read in the order of the time of receipt.
    by_time: bool,
    sql: Vec<String>,
    values: Vec<Value>,
}

impl Conditions {
    /// The conditions of a filter for `delivery`, for rows in the order of their numbers.
    pub(crate) fn of(filter: &Filter, dialect: Dialect) -> Self {
        Self::in_order(filter, dialect, false)
    }

    /// The conditions of a page of a filter, after a position, and the SQL of its order.
    pub(crate) fn of_page(filter: &Filter, after: Option<Seq>, dialect: Dialect) -> (Self, &'static str) {
        let mut conditions = Self::in_order(filter, dialect, filter.is_by_time());
        let order = conditions.behind(filter, after);
        (conditions, order)
    }

    fn in_order(filter: &Filter, dialect: Dialect, by_time: bool) -> Self {
        let mut conditions = Self { dialect, by_time, sql: Vec::new(), values: Vec::new() };
        conditions.delivery(filter);
        conditions.dispatch(filter);
        conditions
    }

    /// What may be pruned, and the states in which nothing is.
    pub(crate) fn of_prune(prune: &Prune, dialect: Dialect) -> (Self, Vec<State>) {
        let mut conditions = Self::of(&prune.filter, dialect);
        conditions.and_plain("pruned_at IS NULL".to_owned());
        let mut kept = Vec::new();
        if !prune.pending {
            kept.extend([State::Pending, State::Claimed]);
            // What is to be dispatched to a new sink is as good as pending.
            conditions.and_plain(format!(
                "NOT EXISTS(SELECT 1 FROM {} WHERE delivery.seq > backfill_after AND delivery.seq <= backfill_to)",
                conditions.table("sink")
            ));
        }
        if !prune.dead {
            kept.push(State::Dead);
        }
        if !kept.is_empty() {
            conditions.and_plain(format!(
                "NOT EXISTS(SELECT 1 FROM {} WHERE dispatch.seq = delivery.seq AND dispatch.state IN ({}))",
                conditions.table("dispatch"),
                codes(&kept)
            ));
        }
        (conditions, kept)
    }

    fn delivery(&mut self, filter: &Filter) {
        if filter.seq.is_none() && filter.key.is_none() {
            self.sql.push("pruned_at IS NULL".to_owned());
        }
        let texts = [("vendor", &filter.vendor), ("route", &filter.route), ("account", &filter.account)];
        let plain = self.not_by_an_index();
        for (column, text) in texts {
            if let Some(text) = text {
                self.and(&format!("{plain}{column} ="), Value::Text(text.replace('\0', "\u{fffd}")));
            }
        }
        if let Some(key) = &filter.key {
            let key = self.value(Value::Text(key.replace('\0', "\u{fffd}")));
            // A search of its own, in an index: a scan would read all bodies.
            self.sql.push(format!("seq IN (SELECT seq FROM {} WHERE key = {key})", self.table("delivery")));
        }
        let (number, time) = if self.by_time { (plain, "") } else { ("", plain) };
        let numbers = [
            (number, "seq =", filter.seq.map(Seq::get)),
            (number, "seq >=", filter.seq_from.map(Seq::get)),
            (time, "received_at >=", filter.received_from.map(millis)),
            (time, "received_at <", filter.received_before.map(millis)),
        ];
        for (prefix, condition, number) in numbers {
            if let Some(number) = number {
                self.and(&format!("{prefix}{condition}"), Value::Number(number));
            }
        }
        if let Some(text) = &filter.key_contains {
            let text = self.value(Value::Text(text.replace('\0', "\u{fffd}")));
            self.sql.push(match self.dialect {
                Dialect::Sqlite => format!("instr(key, {text}) > 0"),
                #[cfg(feature = "postgres")]
                Dialect::Postgres => format!("strpos(key, {text}) > 0"),
            });
        }
        let events: Vec<String> = filter.events.iter().map(|pattern| self.event(pattern)).collect();
        if !events.is_empty() {
            self.sql.push(format!("({})", events.join(" OR ")));
        }
    }

    /// The prefix that prevents SQLite from using the index of a column: SQLite would sort all matches by their number
    /// for one page.
    fn not_by_an_index(&self) -> &'static str {
        match self.dialect {
            Dialect::Sqlite => "+",
            #[cfg(feature = "postgres")]
            Dialect::Postgres => "",
        }
    }

    fn event(&mut self, pattern: &str) -> String {
        let pattern = pattern.replace('\0', "\u{fffd}");
        match self.dialect {
            Dialect::Sqlite => {
                format!("event GLOB {}", self.value(Value::Text(crate::glob::sqlite(&pattern))))
            }
            #[cfg(feature = "postgres")]
            Dialect::Postgres => {
                format!("event LIKE {}", self.value(Value::Text(crate::glob::postgres(&pattern))))
            }
        }
    }

    fn dispatch(&mut self, filter: &Filter) {
        let own = self.dispatch_alone(filter);
        if filter.states == [State::Dead] {
            // With a separate index: dead deliveries are few, and a scan would read all deliveries.
            self.sql
                .push(format!("seq IN (SELECT dispatch.seq FROM {} WHERE {own})", self.table("dispatch")));
        } else if !own.is_empty() {
            self.sql.push(format!(
                "EXISTS(SELECT 1 FROM {} WHERE dispatch.seq = delivery.seq AND {own})",
                self.table("dispatch")
            ));
        }
    }

    /// The conditions of a filter for `dispatch`; empty if there are none.
    fn dispatch_alone(&mut self, filter: &Filter) -> String {
        let mut conditions = Vec::new();
        if let Some(sink) = &filter.sink {
            let sink = self.value(Value::Text(sink.clone()));
            conditions.push(format!("dispatch.sink = {sink}"));
        }
        if let [state] = filter.states.as_slice() {
            conditions.push(format!("dispatch.state = {}", state.code()));
        } else if !filter.states.is_empty() {
            conditions.push(format!("dispatch.state IN ({})", codes(&filter.states)));
        }
        conditions.join(" AND ")
    }

    /// The condition for rows after a position in the order of a filter. Returns the SQL of the order.
    fn behind(&mut self, filter: &Filter, after: Option<Seq>) -> &'static str {
        let comparison = if filter.newest_first { "<" } else { ">" };
        match (after, self.by_time) {
            (None, _) => {}
            (Some(after), false) => self.and(&format!("seq {comparison}"), Value::Number(after.get())),
            (Some(after), true) => {
                let delivery = self.table("delivery");
                let near = self.value(Value::Number(after.get()));
                let after = self.value(Value::Number(after.get()));
                // The delivery at the position may have been removed: the one before it has about the same time.
                self.sql.push(format!(
                    "(received_at, seq) {comparison} (coalesce((SELECT received_at FROM {delivery} WHERE seq <= {near}
                     ORDER BY seq DESC LIMIT 1), 0), {after})"
                ));
            }
        }
        match (self.by_time, filter.newest_first) {
            (false, false) => "seq",
            (false, true) => "seq DESC",
            (true, false) => "received_at, seq",
            (true, true) => "received_at DESC, seq DESC",
        }
    }

    /// One more condition.
    pub(crate) fn and(&mut self, condition: &str, value: Value) {
        let value = self.value(value);
        self.sql.push(format!("{condition} {value}"));
    }

    /// One more condition without a value.
    pub(crate) fn and_plain(&mut self, condition: String) {
        self.sql.push(condition);
    }

    /// The placeholder of one more value.
    pub(crate) fn value(&mut self, value: Value) -> String {
        self.values.push(value);
        format!("${}", self.values.len())
    }

    /// All conditions in one, and the values so far.
    pub(crate) fn finish(self) -> (String, Vec<Value>) {
        let sql = if self.sql.is_empty() { "TRUE".to_owned() } else { self.sql.join(" AND ") };
        (sql, self.values)
    }

    fn table(&self, name: &str) -> String {
        match self.dialect {
            Dialect::Sqlite => name.to_owned(),
            #[cfg(feature = "postgres")]
            Dialect::Postgres => format!("webhook_inbox.{name}"),
        }
    }
}

/// States as they are stored, for a list in SQL.
pub(crate) fn codes(states: &[State]) -> String {
    states.iter().map(|state| state.code().to_string()).collect::<Vec<_>>().join(", ")
}
