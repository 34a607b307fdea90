//! A lossless lexer for JSON: the tokens together are the original text.
//!
//! A parsed document loses the order of keys, the spelling of numbers and the white space, which a fixture must keep.
//! The text was checked as JSON before, so there are no errors here.

use webhook_core::json::Reader;

/// A piece of JSON text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// Space, a comma or a colon.
    Between(&'a str),
    /// `{` or `[`.
    Open(char),
    /// `}` or `]`.
    Close(char),
    /// A string with its quotes and escapes.
    Text(&'a str),
    /// A number in its spelling.
    Number(&'a str),
    /// `true`, `false` or `null`.
    Word(&'a str),
}

/// The pieces of a JSON text, in order.
#[derive(Clone)]
pub(super) struct Tokens<'a> {
    rest: &'a str,
}

impl<'a> Tokens<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        Self { rest: text }
    }

    fn take(&mut self, length: usize) -> &'a str {
        let (piece, rest) = self.rest.split_at_checked(length).unwrap_or((self.rest, ""));
        self.rest = rest;
        piece
    }

    /// The next value, which is not a list or an object.
    fn take_value(&mut self) -> &'a str {
        let mut json = Reader::new(self.rest);
        // The text has been checked, so a value ends here.
        let end = json.skip().map_or(self.rest.len(), |()| json.position());
        self.take(end)
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        let first = self.rest.chars().next()?;
        Some(match first {
            '{' | '[' => {
                self.take(1);
                Token::Open(first)
            }
            '}' | ']' => {
                self.take(1);
                Token::Close(first)
            }
            '"' => Token::Text(self.take_value()),
            '-' | '0'..='9' => Token::Number(self.take_value()),
            letter if letter.is_ascii_alphabetic() => Token::Word(self.take_value()),
            _ => {
                let end = self.rest.find(|letter| !matches!(letter, ' ' | '\t' | '\n' | '\r' | ',' | ':'));
                Token::Between(self.take(end.unwrap_or(self.rest.len())))
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Token, Tokens};

    fn joined(text: &str) -> String {
        Tokens::of(text)
            .map(|token| match token {
                Token::Between(piece) | Token::Text(piece) | Token::Number(piece) | Token::Word(piece) => {
                    piece.to_owned()
                }
                Token::Open(letter) | Token::Close(letter) => letter.to_string(),
            })
            .collect()
    }

    #[test]
    fn the_tokens_together_are_the_text() {
        for text in ["{ \"a\\\\\" : [1.50e-3,\n\t\"\\\"\\u00e9é\"], \"\":null}\r\n", "[]", "-0.0", "\"\\\\\""]
        {
            assert_eq!(joined(text), text);
        }
    }

    #[test]
    fn a_string_ends_at_its_quote() {
        let tokens: Vec<_> = Tokens::of(r#"{"a\"b":"c\\"}"#).collect();
        assert_eq!(
            tokens,
            [
                Token::Open('{'),
                Token::Text(r#""a\"b""#),
                Token::Between(":"),
                Token::Text(r#""c\\""#),
                Token::Close('}'),
            ]
        );
    }
}
