use webhook_core::Wire;

#[derive(Wire)]
struct Page<T> {
    items: Vec<T>,
}

fn main() {}
