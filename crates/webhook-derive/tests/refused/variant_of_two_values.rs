use webhook_core::Wire;

#[derive(Wire)]
enum Reference {
    Both(u64, String),
}

fn main() {}
