//! Samples with changed values, for tests of values that no sample has.

use std::fmt;
use std::marker::PhantomData;

use serde_json::Value;

use super::{Sample, SignedRequest};
use crate::receive::delivery::Delivery;
use crate::receive::scheme::Authenticated;
use crate::receive::secret::Secret;

/// A sample with changed values, made by [`Sample::with`].
///
/// Its JSON is written again, so the order of keys and the white space differ from those of the vendor.
#[derive(Clone)]
pub struct ChangedSample<W> {
    body: Value,
    webhook: PhantomData<fn() -> W>,
}

/// A path that does not exist in a sample.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PathNotFound {
    path: String,
}

impl<W> Sample<W> {
    /// The sample with another value at a path. Paths are written as in errors and drift: `payload.steps[0].action`.
    ///
    /// The last key of the path is added if the object does not have it.
    ///
    /// ```
    /// # use webhook_core::samples::{PathNotFound, Sample};
    /// # fn example<W>(sample: Sample<W>) -> Result<(), PathNotFound> {
    /// let changed = sample.with("payload.failed", 3)?.with("payload.title", "Nightly")?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// A part of the path other than the last key is missing.
    pub fn with(&self, path: &str, value: impl Into<Value>) -> Result<ChangedSample<W>, PathNotFound> {
        let body = serde_json::from_str(self.body).unwrap_or(Value::Null);
        ChangedSample { body, webhook: PhantomData }.with(path, value)
    }
}

impl<W> ChangedSample<W> {
    /// Changes another value, as [`Sample::with`] does.
    ///
    /// # Errors
    ///
    /// A part of the path other than the last key is missing.
    pub fn with(mut self, path: &str, value: impl Into<Value>) -> Result<Self, PathNotFound> {
        match place(&mut self.body, path) {
            Some(place) => {
                *place = value.into();
                Ok(self)
            }
            None => Err(PathNotFound { path: path.to_owned() }),
        }
    }

    /// The payload.
    pub fn body(&self) -> String {
        self.body.to_string()
    }
}

impl<W: Authenticated> ChangedSample<W> {
    /// A request with this payload and a credential from the secret.
    pub fn signed(&self, secret: &Secret) -> SignedRequest {
        SignedRequest::new::<W>(self.body(), secret)
    }

    /// The payload as an unverified delivery.
    pub fn delivery(&self) -> Delivery<W> {
        Delivery::from_unverified(self.body())
    }
}

/// The value at a path. The last key is added to its object.
fn place<'v>(body: &'v mut Value, path: &str) -> Option<&'v mut Value> {
    let mut steps = steps(path)?;
    let last = steps.pop()?;
    let parent = steps.into_iter().try_fold(body, |value, step| match (step, value) {
        (Step::Key(key), Value::Object(object)) => object.get_mut(&key),
        (Step::Index(index), Value::Array(elements)) => elements.get_mut(index),
        _ => None,
    })?;
    match (last, parent) {
        (Step::Key(key), Value::Object(object)) => Some(object.entry(key).or_insert(Value::Null)),
        (Step::Index(index), Value::Array(elements)) => elements.get_mut(index),
        _ => None,
    }
}

enum Step {
    Key(String),
    Index(usize),
}

fn steps(mut path: &str) -> Option<Vec<Step>> {
    let mut steps = Vec::new();
    while !path.is_empty() {
        let (step, behind) = first_step(path)?;
        steps.push(step);
        path = behind;
    }
    Some(steps)
}

/// The first step of a path: a plain word, `[0]`, or `["a key"]`.
fn first_step(path: &str) -> Option<(Step, &str)> {
    let path = path.strip_prefix('.').unwrap_or(path);
    let Some(inner) = path.strip_prefix('[') else {
        let (key, behind) = path.split_at(path.find(['.', '[']).unwrap_or(path.len()));
        return (!key.is_empty()).then(|| (Step::Key(key.to_owned()), behind));
    };
    let (step, behind) = if inner.starts_with('"') {
        let mut keys = serde_json::Deserializer::from_str(inner).into_iter::<String>();
        let key = keys.next()?.ok()?;
        (Step::Key(key), inner.get(keys.byte_offset()..)?)
    } else {
        let (digits, behind) = inner.split_at(inner.find(']')?);
        (Step::Index(digits.parse().ok()?), behind)
    };
    Some((step, behind.strip_prefix(']')?))
}

impl<W> fmt::Debug for ChangedSample<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChangedSample").finish_non_exhaustive()
    }
}

impl fmt::Display for PathNotFound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the sample has no path `{}`", self.path)
    }
}

impl std::error::Error for PathNotFound {}
