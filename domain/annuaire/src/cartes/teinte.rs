//! How a map is coloured and hatched.

/// How a commune is coloured. Colour is never the only sign: nobody and exceptions are hatched, and the table says all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Teinte {
    Personne,
    ADistance,
    Une,
    Quelques,
    Nombreuses,
    Desservie,
    Exceptee,
    Choisie,
    Ailleurs,
    /// On a map of values: the share of the communes that it is in.
    Classe(Quintile),
    NonCalculable,
    Masquee,
}

/// A fifth of the communes, from the smallest values to the largest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Quintile {
    Premier,
    Deuxieme,
    Troisieme,
    Quatrieme,
    Cinquieme,
}

impl Quintile {
    pub const ALL: [Self; 5] = [Self::Premier, Self::Deuxieme, Self::Troisieme, Self::Quatrieme, Self::Cinquieme];
}

/// Lines drawn over a colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hachure {
    /// From the bottom to the top.
    Montante,
    Descendante,
    /// From the bottom to the top, farther from one another.
    Claire,
    /// From the bottom to the top, nearer to one another.
    Serree,
    Pointille,
}

impl Hachure {
    pub const fn is_montante(self) -> bool {
        !matches!(self, Self::Descendante)
    }

    /// How far apart its lines are, and how thick, in units of a drawing.
    pub const fn trame(self) -> (f64, f64) {
        match self {
            Self::Montante | Self::Descendante => (12.0, 3.5),
            Self::Claire => (20.0, 2.0),
            Self::Serree => (7.0, 3.5),
            Self::Pointille => (12.0, 3.0),
        }
    }
}

impl Teinte {
    pub const ALL: [Self; 16] = [
        Self::Personne,
        Self::ADistance,
        Self::Une,
        Self::Quelques,
        Self::Nombreuses,
        Self::Desservie,
        Self::Exceptee,
        Self::Choisie,
        Self::Ailleurs,
        Self::Classe(Quintile::Premier),
        Self::Classe(Quintile::Deuxieme),
        Self::Classe(Quintile::Troisieme),
        Self::Classe(Quintile::Quatrieme),
        Self::Classe(Quintile::Cinquieme),
        Self::NonCalculable,
        Self::Masquee,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Personne => "personne",
            Self::ADistance => "a_distance",
            Self::Une => "une",
            Self::Quelques => "quelques",
            Self::Nombreuses => "nombreuses",
            Self::Desservie => "desservie",
            Self::Exceptee => "exceptee",
            Self::Choisie => "choisie",
            Self::Ailleurs => "ailleurs",
            Self::Classe(Quintile::Premier) => "classe_1",
            Self::Classe(Quintile::Deuxieme) => "classe_2",
            Self::Classe(Quintile::Troisieme) => "classe_3",
            Self::Classe(Quintile::Quatrieme) => "classe_4",
            Self::Classe(Quintile::Cinquieme) => "classe_5",
            Self::NonCalculable => "non_calculable",
            Self::Masquee => "masquee",
        }
    }

    /// What the legend says; of a class, the map knows from which value to which.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Personne => "personne",
            Self::ADistance => "à distance seulement",
            Self::Une => "une structure",
            Self::Quelques => "deux ou trois structures",
            Self::Nombreuses => "quatre structures ou plus",
            Self::Desservie => "commune desservie",
            Self::Exceptee => "exceptée",
            Self::Choisie => "la commune choisie",
            Self::Ailleurs => "autre commune",
            Self::Classe(_) => "classe de valeurs",
            Self::NonCalculable => "non calculable",
            Self::Masquee => "masqué : trop peu pour être publié",
        }
    }

    pub const fn couleur(self) -> &'static str {
        match self {
            Self::Personne => "#fff4e5",
            Self::ADistance => "#f0d9b0",
            Self::Une => "#a9cdbb",
            Self::Quelques | Self::Desservie => "#5c9a7e",
            Self::Nombreuses => "#1f5c45",
            Self::Exceptee | Self::NonCalculable | Self::Masquee => "#ffffff",
            Self::Classe(Quintile::Premier) => "#e9eddf",
            Self::Classe(Quintile::Deuxieme) => "#d3e2d3",
            Self::Classe(Quintile::Troisieme) => "#b3d0bd",
            Self::Classe(Quintile::Quatrieme) => "#7fb097",
            Self::Classe(Quintile::Cinquieme) => "#1f5c45",
            Self::Choisie => "#f6c667",
            Self::Ailleurs => "#f3eee2",
        }
    }

    /// Its hatches and their colour.
    pub const fn hachure(self) -> Option<(Hachure, &'static str)> {
        match self {
            Self::Personne => Some((Hachure::Montante, "#8a5a00")),
            Self::Exceptee => Some((Hachure::Descendante, "#a02a1d")),
            Self::NonCalculable => Some((Hachure::Descendante, "#78817a")),
            Self::Masquee => Some((Hachure::Pointille, "#78817a")),
            // The larger the value, the more ink: read without colour, in the same order.
            Self::Classe(Quintile::Deuxieme) => Some((Hachure::Claire, "#1f5c45")),
            Self::Classe(Quintile::Troisieme) => Some((Hachure::Montante, "#1f5c45")),
            Self::Classe(Quintile::Quatrieme) => Some((Hachure::Serree, "#1f5c45")),
            _ => None,
        }
    }
}
