//! The handlers of a consumer, and the choice of the handler for a delivery.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use webhook_core::{DecodeError, Envelope};

use super::context::Context;
use super::outcome::{IntoOutcome, Outcome};
use crate::glob;
use crate::stored::StoredDelivery;

/// What is done with a delivery that does not decode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Undecodable {
    /// It is dead at once, with the reason. Replay it after an update of the types.
    #[default]
    Dead,
    /// It goes to the handler for raw deliveries.
    Raw,
}

pub(crate) type HandlerFuture = Pin<Box<dyn Future<Output = Outcome> + Send>>;
type Typed = Arc<dyn Fn(&StoredDelivery, Context) -> Result<HandlerFuture, DecodeError> + Send + Sync>;
type Raw = Arc<dyn Fn(StoredDelivery, Context) -> HandlerFuture + Send + Sync>;

/// The handlers of a consumer, and the events that they handle.
#[derive(Clone, Default)]
pub(crate) struct Handlers {
    typed: HashMap<&'static str, Typed>,
    raw: Option<Raw>,
    pub(crate) events: Vec<String>,
    pub(crate) undecodable: Undecodable,
}

/// The destination of a delivery.
pub(crate) enum Way {
    Handle(HandlerFuture),
    /// The sink does not select it.
    Skip,
    Dead(String),
}

impl Handlers {
    pub(crate) fn typed<W, F, R, O>(&mut self, handler: F)
    where
        W: Envelope,
        F: Fn(W, Context) -> R + Send + Sync + 'static,
        R: Future<Output = O> + Send + 'static,
        O: IntoOutcome,
    {
        let handler: Typed = Arc::new(move |delivery, context| {
            let attempt = handler(W::from_slice(&delivery.body)?, context);
            Ok(Box::pin(async move { attempt.await.into_outcome() }))
        });
        self.typed.insert(W::VENDOR, handler);
    }

    pub(crate) fn raw<F, R, O>(&mut self, handler: F)
    where
        F: Fn(StoredDelivery, Context) -> R + Send + Sync + 'static,
        R: Future<Output = O> + Send + 'static,
        O: IntoOutcome,
    {
        self.raw = Some(Arc::new(move |delivery, context| {
            let attempt = handler(delivery, context);
            Box::pin(async move { attempt.await.into_outcome() })
        }));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.typed.is_empty() && self.raw.is_none()
    }

    pub(crate) fn has_raw(&self) -> bool {
        self.raw.is_some()
    }

    /// Decodes the delivery and calls its handler. It runs in the task of the attempt, so a panic affects nothing else.
    pub(crate) fn way(&self, context: &Context) -> Way {
        let delivery = context.delivery();
        if !self.wants(delivery.row.event.as_deref()) {
            return Way::Skip;
        }
        let Some(typed) = self.typed.get(delivery.row.vendor.as_str()) else {
            return self.raw_way(context).unwrap_or(Way::Skip);
        };
        match typed(delivery, context.clone()) {
            Ok(handled) => Way::Handle(handled),
            Err(error) => match (self.undecodable, self.raw_way(context)) {
                (Undecodable::Raw, Some(way)) => way,
                _ => Way::Dead(format!("it does not decode: {error}")),
            },
        }
    }

    fn raw_way(&self, context: &Context) -> Option<Way> {
        let raw = self.raw.as_ref()?;
        Some(Way::Handle(raw(context.delivery().clone(), context.clone())))
    }

    /// Without a list every event is handled. With a list, an event without a name is not.
    fn wants(&self, event: Option<&str>) -> bool {
        let listed = |event| self.events.iter().any(|pattern| glob::matches(pattern, event));
        self.events.is_empty() || event.is_some_and(listed)
    }
}
