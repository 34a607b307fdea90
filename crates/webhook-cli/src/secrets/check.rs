//! Checks for invalid and for weak secrets. No message contains any part of a secret.

use webhook_core::Authentication;

use crate::output::is_format;
use crate::vendor::Vendor;

/// A shorter secret can be guessed.
const MIN_CHARACTERS: usize = 16;

/// The error for a text that is not a valid secret of this vendor, as the rest of a sentence after its source.
pub(super) fn refuse(vendor: Vendor, text: &str) -> Result<(), String> {
    refuse_unclean(text)?;
    match vendor.authentication() {
        Authentication::UrlToken => refuse_in_url(vendor, text),
        _ => Ok(()),
    }
}

/// The error for a text that is not a valid token of the admin page.
pub(super) fn refuse_token(text: &str) -> Result<(), String> {
    refuse_unclean(text)?;
    if !text.is_ascii() {
        return Err("has a character that is not ASCII: programs send the token in a header".to_owned());
    }
    warn(text).map_or(Ok(()), Err)
}

/// The error for a text with an invisible character that is not white space, such as the byte order mark that some
/// editors write at the start of a file.
pub(super) fn refuse_invisible(text: &str) -> Result<(), String> {
    if text.starts_with('\u{feff}') {
        return Err("begins with a byte order mark: save it without one".to_owned());
    }
    if text.contains(is_format) {
        return Err("has an invisible format character in it: remove it".to_owned());
    }
    Ok(())
}

/// The error for a text with characters that are probably not part of a secret.
fn refuse_unclean(text: &str) -> Result<(), String> {
    if text.trim().is_empty() {
        return Err("is blank: a secret of white space does not protect".to_owned());
    }
    if text.trim() != text {
        return Err(
            "has white space around the secret: remove it, because secrets are not trimmed".to_owned()
        );
    }
    if text.contains(char::is_control) {
        return Err(
            "has a line break or another control character in it: give one secret, on one line".to_owned()
        );
    }
    refuse_invisible(text)
}

/// A warning about an accepted secret.
pub(super) fn warn(text: &str) -> Option<String> {
    let short = text.chars().count() < MIN_CHARACTERS;
    short.then(|| format!("is shorter than {MIN_CHARACTERS} characters: a short secret can be guessed"))
}

/// A token is compared with each segment of the path without decoding.
fn refuse_in_url(vendor: Vendor, token: &str) -> Result<(), String> {
    if Vendor::ALL.iter().copied().any(|other| other.name().eq_ignore_ascii_case(token)) {
        return Err(format!(
            "is the name of a vendor, which is in the path of every request to /{}: choose another token",
            vendor.name()
        ));
    }
    let stands_in_path = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~!$'()*+,;=:@".contains(&byte);
    if !token.bytes().all(stands_in_path) || matches!(token, "." | "..") {
        return Err("has a character that is not kept unchanged in a URL: use letters, digits, `-` and `_`"
            .to_owned());
    }
    Ok(())
}
