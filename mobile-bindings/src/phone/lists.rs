//! Lists of shops, the map, and a shop's dossier: the core's, as they are.

use serde::Deserialize;
use sync_core::fieldbook::round::{Dossier, GridMap, Page, ShopQuery, ShopRow, TodayPage};

use super::{Phone, Problem, call::record_id, record::with_app_keys};

#[derive(Debug, Deserialize)]
pub(super) struct MapQuery {
    grid: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct DossierQuery {
    shop: String,
}

impl Phone {
    pub(super) fn today(&self, query: &ShopQuery) -> Result<TodayPage, Problem> {
        Ok(self.book()?.today(query)?)
    }

    pub(super) fn shops(&self, query: &ShopQuery) -> Result<Page<ShopRow>, Problem> {
        Ok(self.book()?.shops(query)?)
    }

    pub(super) fn map(&self, query: &MapQuery) -> Result<GridMap, Problem> {
        Ok(self.book()?.map(&query.grid)?)
    }

    pub(super) fn dossier(&self, query: &DossierQuery) -> Result<Dossier, Problem> {
        let mut dossier = self.book()?.dossier(&record_id(&query.shop)?)?;
        dossier.shop = with_app_keys(dossier.shop);
        Ok(dossier)
    }
}
