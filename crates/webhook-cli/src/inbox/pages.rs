//! All deliveries that a filter selects, page by page, so that memory does not grow with the inbox.

use webhook_inbox::{Filter, Inbox, Row, Seq};

use super::Stop;
use crate::output::plain;

/// How many deliveries are read at once.
const PAGE: usize = 500;

pub(super) struct Pages<'a> {
    inbox: &'a Inbox,
    filter: Filter,
    after: Option<Seq>,
    ended: bool,
}

impl<'a> Pages<'a> {
    /// # Errors
    ///
    /// The filter names a sink that the inbox does not know: probably a slip, which must not look like an empty answer.
    pub(super) async fn of(inbox: &'a Inbox, filter: Filter) -> Result<Self, Stop> {
        if let Some(name) = &filter.sink
            && !inbox.backlog().await?.iter().any(|known| known.sink == *name)
        {
            return Err(Stop::Message(format!("no sink is called `{}`", plain(name))));
        }
        Ok(Self { inbox, filter, after: None, ended: false })
    }

    /// The next page; `None` after the last.
    pub(super) async fn next(&mut self) -> Result<Option<Vec<Row>>, webhook_inbox::Error> {
        if self.ended {
            return Ok(None);
        }
        let page = self.inbox.list(&self.filter, self.after, PAGE).await?;
        self.ended = page.len() < PAGE;
        self.after = page.last().map(|row| row.seq).or(self.after);
        Ok((!page.is_empty()).then_some(page))
    }
}
