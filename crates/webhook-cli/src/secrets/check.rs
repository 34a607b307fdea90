//! Secrets that cannot be meant, and secrets that should be better. No message repeats any of a secret.

use webhook_core::Authentication;

use crate::vendor::Vendor;

/// A shorter secret can be guessed.
const MIN_CHARACTERS: usize = 16;

/// Why a text is no secret of this vendor, as the rest of a sentence behind the name of its place.
pub(super) fn refuse(vendor: Vendor, text: &str) -> Result<(), String> {
    if text.trim().is_empty() {
        return Err("is blank: a secret of white space lets strangers in".to_owned());
    }
    if text.trim() != text {
        return Err("has white space around the secret: remove it, nothing is trimmed".to_owned());
    }
    if text.contains(char::is_control) {
        return Err(
            "has a line break or another control character in it: give one secret, on one line".to_owned()
        );
    }
    match vendor.authentication() {
        Authentication::UrlToken => refuse_in_url(vendor, text),
        _ => Ok(()),
    }
}

/// What is accepted and should be better.
pub(super) fn warn(text: &str) -> Option<String> {
    let short = text.chars().count() < MIN_CHARACTERS;
    short.then(|| format!("is shorter than {MIN_CHARACTERS} characters: a short secret can be guessed"))
}

/// A token is compared with each segment of the path as it stands there.
fn refuse_in_url(vendor: Vendor, token: &str) -> Result<(), String> {
    if Vendor::ALL.iter().copied().any(|other| other.name().eq_ignore_ascii_case(token)) {
        return Err(format!(
            "is the name of a vendor, which stands in the path of every request to /{}: choose another token",
            vendor.name()
        ));
    }
    let stands_in_path = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~!$'()*+,;=:@".contains(&byte);
    if !token.bytes().all(stands_in_path) || matches!(token, "." | "..") {
        return Err("has a character that no part of a URL keeps as it is: use letters, digits, `-` and `_`"
            .to_owned());
    }
    Ok(())
}
