//! The secrets of the vendors: one secret per variable or file, and one more for a rotation.

mod check;

use std::env::{self, VarError};
use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use clap::ValueEnum as _;
use webhook_core::Secret;

use crate::vendor::Vendor;

/// The maximum size of a file with a secret.
const MAX_FILE_BYTES: u64 = 64 * 1024;

/// The secrets of a vendor.
#[derive(Default)]
pub(crate) struct Configured {
    /// The current secret, followed by the previous one of a rotation; empty if none is configured.
    pub(crate) secrets: Vec<Secret>,
    /// Warnings about accepted secrets, one line each, without any secret.
    pub(crate) warnings: Vec<String>,
}

/// `VENDOR=FILE`: a file with the secret of a vendor.
#[derive(Debug, Clone)]
pub(crate) struct SecretFile {
    vendor: Vendor,
    path: PathBuf,
}

/// The variable with the secret of a vendor.
pub(crate) fn variable(vendor: Vendor) -> &'static str {
    match vendor {
        Vendor::Qase => "QASE_WEBHOOK_SECRET",
        Vendor::Deepsource => "DEEPSOURCE_WEBHOOK_SECRET",
        Vendor::Monitorqa => "MONITORQA_WEBHOOK_TOKEN",
    }
}

/// The secrets of a vendor in the environment.
///
/// # Errors
///
/// As [`configured_with`].
pub(crate) fn configured(vendor: Vendor) -> Result<Configured, String> {
    configured_with(vendor, &[])
}

/// The secrets of a vendor in the environment and in files of the command line.
///
/// # Errors
///
/// A secret cannot be read or is invalid, or two places contain the current secret. The message names the variable or
/// the file.
pub(crate) fn configured_with(vendor: Vendor, files: &[SecretFile]) -> Result<Configured, String> {
    let variable = variable(vendor);
    let previous = format!("{variable}_PREVIOUS");
    let named: Vec<&Path> =
        files.iter().filter(|file| file.vendor == vendor).map(|file| file.path.as_path()).collect();
    let current = match (named.as_slice(), from_environment(variable)?) {
        ([], found) => found.into_iter().collect(),
        // The first secret is the current one, the others are old ones.
        (paths, None) => paths.iter().map(|path| from_file(path)).collect::<Result<Vec<_>, _>>()?,
        (_, Some(Text { place, .. })) => {
            return Err(format!("{} has a secret in --secret-file and in {place}: give one", vendor.name()));
        }
    };
    let previous = from_environment(&previous)?;
    match (current.first(), &previous) {
        (None, Some(previous)) => {
            Err(format!("{} is set without the secret that replaces it; set {variable}", previous.place))
        }
        _ => checked(vendor, current.into_iter().chain(previous)),
    }
}

/// The token of the admin page, in a file of the command line or in the environment; `None` if there is none.
///
/// # Errors
///
/// The token cannot be read or is invalid, or two places contain it. The message names the variable or the file.
pub(crate) fn admin_token(file: Option<&Path>) -> Result<Option<String>, String> {
    let found = match (file, from_environment("WEBHOOKS_ADMIN_TOKEN")?) {
        (Some(path), None) => Some(from_file(path)?),
        (Some(_), Some(Text { place, .. })) => {
            return Err(format!("there is a token in --admin-token-file and in {place}: give one"));
        }
        (None, found) => found,
    };
    found
        .map(|Text { value, place }| match check::refuse_token(&value) {
            Ok(()) => Ok(value),
            Err(fault) => Err(format!("the token in {place} {fault}")),
        })
        .transpose()
}

/// A secret and its source.
struct Text {
    value: String,
    /// The variable or file, for messages.
    place: String,
}

/// The secret in a variable.
///
/// # Errors
///
/// The variable is not set, is empty, is not UTF-8 or has an invisible character. The message names it.
pub(crate) fn in_variable(variable: &str) -> Result<String, String> {
    if variable.is_empty() || variable.contains(['=', '\0']) {
        return Err("expected the name of a variable".to_owned());
    }
    let value = read(variable)?.ok_or_else(|| format!("the variable {variable} is not set, or is empty"))?;
    check::refuse_invisible(&value).map_err(|fault| format!("the variable {variable} {fault}"))?;
    Ok(value)
}

/// The secret in a file, without the line ending after it.
///
/// # Errors
///
/// The file cannot be read, is too large, is empty or has an invisible character. The message names it.
pub(crate) fn in_file(path: &Path) -> Result<String, String> {
    let Text { value, place } = from_file(path)?;
    check::refuse_invisible(&value).map_err(|fault| format!("{place} {fault}"))?;
    Ok(value)
}

/// The text in a variable, or in the file that the same name with `_FILE` behind it names; nothing where neither is set.
///
/// # Errors
///
/// Both are set, or the text cannot be read. The message names the variable or the file.
pub(crate) fn in_environment(variable: &str) -> Result<Option<String>, String> {
    Ok(from_environment(variable)?.map(|text| text.value))
}

/// The secret in a variable, or in the file that `.._FILE` names. An empty variable is treated as not set.
fn from_environment(variable: &str) -> Result<Option<Text>, String> {
    let by_file = format!("{variable}_FILE");
    match (read(variable)?, read(&by_file)?) {
        (Some(_), Some(_)) => Err(format!("{variable} and {by_file} are both set: set one")),
        (Some(value), None) => Ok(Some(Text { value, place: variable.to_owned() })),
        (None, Some(path)) => {
            from_file(Path::new(&path)).map(Some).map_err(|error| format!("{by_file}: {error}"))
        }
        (None, None) => Ok(None),
    }
}

fn read(variable: &str) -> Result<Option<String>, String> {
    match env::var(variable) {
        Ok(value) if value.is_empty() => Ok(None),
        Ok(value) => Ok(Some(value)),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(format!("{variable} is not valid UTF-8")),
    }
}

/// The secret in a file. The line ending that editors and `echo` write after it is not part of the secret.
fn from_file(path: &Path) -> Result<Text, String> {
    let place = path.display().to_string();
    let failed = |error: &dyn std::fmt::Display| format!("failed to read the secret in {place}: {error}");
    let metadata = fs::metadata(path).map_err(|error| failed(&error))?;
    if metadata.is_file() && metadata.len() > MAX_FILE_BYTES {
        return Err(failed(&"the file is larger than 64 KiB"));
    }
    let text = fs::read_to_string(path).map_err(|error| failed(&error))?;
    let value = text.strip_suffix('\n').map_or(text.as_str(), |line| line.strip_suffix('\r').unwrap_or(line));
    if value.is_empty() {
        return Err(format!("{place} contains no secret: it is empty"));
    }
    Ok(Text { value: value.to_owned(), place })
}

fn checked(vendor: Vendor, texts: impl Iterator<Item = Text>) -> Result<Configured, String> {
    let mut configured = Configured::default();
    for Text { value, place } in texts {
        check::refuse(vendor, &value).map_err(|fault| format!("{place} {fault}"))?;
        configured.warnings.extend(check::warn(&value).map(|fault| format!("{place} {fault}")));
        configured.secrets.push(Secret::new(value).map_err(|error| format!("{place}: {error}"))?);
    }
    Ok(configured)
}

impl FromStr for SecretFile {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, path) =
            text.split_once('=').ok_or("expected VENDOR=FILE, such as qase=/run/secrets/qase")?;
        let vendor = Vendor::from_str(name, false)?;
        if path.is_empty() {
            return Err("no file after the =".to_owned());
        }
        Ok(Self { vendor, path: path.into() })
    }
}
