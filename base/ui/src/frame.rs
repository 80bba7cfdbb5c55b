//! What surrounds the content of a page.

/// For whom a page is made: it decides of its style sheet's register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    Public,
    Equipe,
}

/// The frame of one page.
#[derive(Clone, Debug)]
pub struct Frame {
    /// What the page is about, first in the tab.
    pub title: String,
    pub audience: Audience,
    pub site: Option<Site>,
    pub menu: Vec<MenuItem>,
    /// Who is signed in, and where one signs out.
    pub user: Option<User>,
}

/// The site a page belongs to.
#[derive(Clone, Debug)]
pub struct Site {
    pub name: String,
    /// First page: `/brenne`.
    pub home: String,
    /// The style sheet of its colours.
    pub stylesheet: String,
    pub phone: Option<Phone>,
    /// The address of its logo.
    pub logo: Option<String>,
}

/// A number to call.
#[derive(Clone, Debug)]
pub struct Phone {
    pub text: String,
    pub href: String,
}

/// The signed-in person, as the frame shows them.
#[derive(Clone, Debug)]
pub struct User {
    pub name: String,
    /// One's own page.
    pub page: String,
    pub sign_out: String,
}

/// One entry of the menu.
#[derive(Clone, Debug)]
pub struct MenuItem {
    pub href: String,
    pub label: &'static str,
    pub is_current: bool,
}

impl Frame {
    /// A page outside any site: the list of sites, an error.
    pub fn bare(title: impl Into<String>) -> Self {
        Self { title: title.into(), audience: Audience::Public, site: None, menu: vec![], user: None }
    }

    pub fn public(title: impl Into<String>, site: Site) -> Self {
        Self { site: Some(site), ..Self::bare(title) }
    }

    pub fn equipe(title: impl Into<String>, site: Site, menu: Vec<MenuItem>, user: User) -> Self {
        Self { title: title.into(), audience: Audience::Equipe, site: Some(site), menu, user: Some(user) }
    }

    pub fn body_class(&self) -> &'static str {
        match self.audience {
            Audience::Public => "public",
            Audience::Equipe => "equipe",
        }
    }

    pub fn is_equipe(&self) -> bool {
        self.audience == Audience::Equipe
    }

    /// The address of an embedded file.
    pub fn asset(&self, name: &str) -> String {
        crate::assets::href(name)
    }
}
