//! The path of `--set`, in the notation in which drift and errors are reported: `payload.steps[0]["a key"]`.

use serde_json::Deserializer;

/// A step down a payload.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Step {
    Key(String),
    Index(usize),
}

/// Takes `PATH=VALUE` apart.
pub(super) fn parse(text: &str) -> Result<(Vec<Step>, &str), String> {
    let mut steps = Vec::new();
    let mut rest = text;
    loop {
        rest = if let Some(inner) = rest.strip_prefix('[') {
            let (step, behind) = bracketed(inner)?;
            steps.push(step);
            behind
        } else {
            let end = rest.find(['.', '[', '=']).ok_or("expected PATH=VALUE")?;
            let (key, behind) = rest.split_at(end);
            if key.is_empty() {
                return Err("a key of the path is empty; write [\"\"] for an empty key".to_owned());
            }
            steps.push(Step::Key(key.to_owned()));
            behind
        };
        rest = match rest.as_bytes().first() {
            Some(b'=') => return Ok((steps, rest.get(1..).unwrap_or_default())),
            Some(b'[') => rest,
            Some(b'.') if !rest.starts_with(".[") => rest.get(1..).unwrap_or_default(),
            Some(_) => return Err("a key after ] must begin with a dot".to_owned()),
            None => return Err("expected PATH=VALUE".to_owned()),
        };
    }
}

/// The content of brackets: an index, or a key as a JSON string.
fn bracketed(inner: &str) -> Result<(Step, &str), String> {
    let (step, behind) = if inner.starts_with('"') {
        let mut key = Deserializer::from_str(inner).into_iter::<String>();
        let text = key.next().and_then(Result::ok).ok_or("a quoted key of the path is not closed")?;
        (Step::Key(text), inner.get(key.byte_offset()..).unwrap_or_default())
    } else {
        let end = inner.find(']').ok_or("an index of the path is not closed")?;
        let (digits, behind) = inner.split_at(end);
        (Step::Index(digits.parse().map_err(|_| "an index of the path is not a number")?), behind)
    };
    let behind = behind.strip_prefix(']').ok_or("an index of the path is not closed")?;
    Ok((step, behind))
}
