use webhook_core::Wire;

#[derive(Wire)]
enum Nothing {}

fn main() {}
