//! JSON text in pieces that lose nothing: together they are the text again.
//!
//! A parsed document forgets the order of keys, the spelling of numbers and the space between; a fixture is about
//! exactly these. The text has been checked as JSON before, so nothing here is an error.

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
    /// A number as it is spelt.
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

    fn take_while(&mut self, matches: impl Fn(char) -> bool) -> &'a str {
        self.take(self.rest.find(|letter| !matches(letter)).unwrap_or(self.rest.len()))
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
            '"' => Token::Text(self.take(string_length(self.rest))),
            '-' | '0'..='9' => Token::Number(self.take_while(is_number)),
            letter if letter.is_ascii_alphabetic() => {
                Token::Word(self.take_while(|l| l.is_ascii_alphabetic()))
            }
            _ => Token::Between(self.take_while(|l| !starts_value(l))),
        })
    }
}

fn is_number(letter: char) -> bool {
    letter.is_ascii_digit() || matches!(letter, '-' | '+' | '.' | 'e' | 'E')
}

fn starts_value(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '{' | '}' | '[' | ']' | '"' | '-')
}

/// How long the string is with which a text begins.
fn string_length(text: &str) -> usize {
    let mut escaped = false;
    let end = text.bytes().enumerate().skip(1).find(|(_, byte)| {
        let ends = *byte == b'"' && !escaped;
        escaped = *byte == b'\\' && !escaped;
        ends
    });
    end.map_or(text.len(), |(at, _)| at + 1)
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
    fn the_pieces_are_the_text_again() {
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
