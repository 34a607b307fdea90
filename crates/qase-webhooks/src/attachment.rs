//! Files attached to cases, steps and defects.

use webhook_core::Wire;

/// An attached file, in one of the three forms that the vendor's pages document.
///
/// **Trap:** the list is empty in every sample, so it is not known which form is sent today.
#[derive(Debug, Clone, PartialEq, Wire)]
#[non_exhaustive]
pub enum Attachment {
    /// The file with its properties.
    Info(AttachmentInfo),
    /// The id of the file, as in samples until 2022.
    Id(u64),
    /// The hash of the file, which is its id in the vendor's API.
    Hash(AttachmentHash),
}

/// An attached file with its properties. The vendor's webhook pages name no keys of it; these are the keys in its API.
/// An object without any of them is also read as an attachment.
#[derive(Debug, Clone, PartialEq, Wire)]
#[non_exhaustive]
pub struct AttachmentInfo {
    /// The name of the file.
    #[wire(optional)]
    pub filename: Option<String>,
    /// The media type, such as `image/png`.
    #[wire(optional)]
    pub mime: Option<String>,
    /// The size in bytes.
    #[wire(optional, rename = "size")]
    pub size_bytes: Option<u64>,
    /// Where the file can be read.
    #[wire(optional)]
    pub url: Option<String>,
}

webhook_core::text_id! {
    /// The hash of an attached file. An integer of up to 64 bits in its place is read as an [`Attachment::Id`], also as
    /// text, but not if it has a leading zero, a fraction or an exponent.
    pub struct AttachmentHash;
}

impl Attachment {
    /// The description, if one was sent.
    pub fn info(&self) -> Option<&AttachmentInfo> {
        match self {
            Self::Info(info) => Some(info),
            _ => None,
        }
    }
}
