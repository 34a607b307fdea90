//! Files attached to cases, steps and defects.

use webhook_core::Wire;

/// A file attached to something, in one of the three forms that the vendor's pages give it.
///
/// **Trap:** every sample has an empty list, so which form is sent today is not known.
#[derive(Debug, Clone, PartialEq, Wire)]
#[non_exhaustive]
pub enum Attachment {
    /// The file described.
    Info(AttachmentInfo),
    /// The id of the file, as in samples until 2022.
    Id(u64),
    /// The hash of the file, which is its id in the vendor's API.
    Hash(AttachmentHash),
}

/// A file described. The vendor's pages name no key of it; these are those of its API. What has none of them is an
/// attachment all the same.
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
    /// The hash of an attached file. A number in its place that fits 64 bits is an [`Attachment::Id`].
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
