//! A solver for trials, which shares nothing with the engine: every figure that is published is an equation, and it looks for what
//! each hidden count can still be.

/// A count somebody looks for: which cells it is the sum of.
pub type Cellules = Vec<usize>;

/// What somebody outside knows.
#[derive(Default)]
pub struct Lu {
    /// Of each cell, from and to: one value when it is shown.
    pub bornes: Vec<(i64, i64)>,
    pub sommes: Vec<(Cellules, i64)>,
}

impl Lu {
    /// Whether the cells can be filled so that everything agrees, and the sum of `cells` is `value`.
    pub fn allows(&self, cells: &[usize], value: i64) -> bool {
        let mut sommes = self.sommes.clone();
        sommes.push((cells.to_vec(), value));
        let mut steps = 0;
        fill(&mut self.bornes.clone(), &sommes, &mut steps)
    }
}

/// Narrows what is possible until nothing moves; false when something has become impossible.
fn narrow(bornes: &mut [(i64, i64)], sommes: &[(Cellules, i64)]) -> bool {
    loop {
        let before = bornes.to_vec();
        for (cells, value) in sommes {
            let (least, most) = cells.iter().fold((0, 0), |(least, most), cell| (least + bornes[*cell].0, most + bornes[*cell].1));
            for cell in cells {
                let (low, high) = bornes[*cell];
                bornes[*cell] = (low.max(value - (most - high)), high.min(value - (least - low)));
            }
            if *value < least || *value > most || cells.iter().any(|cell| bornes[*cell].0 > bornes[*cell].1) {
                return false;
            }
        }
        if before == bornes {
            return true;
        }
    }
}

fn fill(bornes: &mut [(i64, i64)], sommes: &[(Cellules, i64)], steps: &mut usize) -> bool {
    *steps += 1;
    assert!(*steps < 2_000_000, "the solver is lost");
    if !narrow(bornes, sommes) {
        return false;
    }
    let open = bornes.iter().enumerate().filter(|(_, (low, high))| low < high).min_by_key(|(_, (low, high))| high - low);
    let Some((cell, &(low, high))) = open else { return true };
    (low..=high).any(|value| {
        let mut tried = bornes.to_vec();
        tried[cell] = (value, value);
        fill(&mut tried, sommes, steps)
    })
}

/// A scattered number, the same every time.
pub struct Hasard(pub u64);

impl Hasard {
    pub fn draw(&mut self, among: u64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % among) as i64
    }
}
