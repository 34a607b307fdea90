//! The results of a bench, as a table.

use std::fmt;

/// One row per kind of request. `Display` is the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    vendor: &'static str,
    rows: Vec<Row>,
}

/// The outcome of one kind of request.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Row {
    /// What was sent.
    pub name: &'static str,
    /// The fault that a receiver does not have if it passes.
    pub protects_from: &'static str,
    /// What the receiver did.
    pub outcome: Outcome,
}

/// The result of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// The receiver behaved as expected.
    Passed,
    /// The receiver did not behave as expected; the text describes its behaviour.
    Failed(String),
    /// The row was not run, or proves nothing; the text contains the reason.
    Skipped(&'static str),
}

impl Report {
    pub(crate) fn new(vendor: &'static str, rows: Vec<Row>) -> Self {
        Self { vendor, rows }
    }

    /// The rows, in the order in which they ran.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// Whether no row failed.
    pub fn passed(&self) -> bool {
        self.failed().next().is_none()
    }

    /// The rows that failed.
    pub fn failed(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(|row| matches!(row.outcome, Outcome::Failed(_)))
    }

    /// Panics if a row failed. For the end of a test.
    ///
    /// # Panics
    ///
    /// A row failed. The message contains the table.
    #[track_caller]
    pub fn assert_passed(&self) {
        assert!(self.passed(), "the receiver failed the bench\n\n{self}");
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.rows.iter().map(|row| row.name.len()).max().unwrap_or_default();
        writeln!(f, "{:7}  {:width$}  protects from", "", "what was sent")?;
        for row in &self.rows {
            let (word, detail) = match &row.outcome {
                Outcome::Passed => ("passed", None),
                Outcome::Failed(what) => ("FAILED", Some(what.as_str())),
                Outcome::Skipped(why) => ("skipped", Some(*why)),
            };
            writeln!(f, "{word:7}  {:width$}  {}", row.name, row.protects_from)?;
            if let Some(detail) = detail {
                writeln!(f, "{:7}  {:width$}  -> {detail}", "", "")?;
            }
        }
        let count =
            |wanted: fn(&Outcome) -> bool| self.rows.iter().filter(|row| wanted(&row.outcome)).count();
        write!(
            f,
            "{}: {} passed, {} failed, {} skipped",
            self.vendor,
            count(|outcome| matches!(outcome, Outcome::Passed)),
            count(|outcome| matches!(outcome, Outcome::Failed(_))),
            count(|outcome| matches!(outcome, Outcome::Skipped(_))),
        )
    }
}
