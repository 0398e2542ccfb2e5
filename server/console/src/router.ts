import { createRouter, createWebHashHistory, type RouteRecordRaw } from 'vue-router'

declare module 'vue-router' {
  interface RouteMeta {
    /** Which line of the navigation is lit, and whose page it is. */
    page?: string
  }
}

const routes: RouteRecordRaw[] = [
  { path: '/', redirect: { name: 'overview' } },
  { path: '/overview', name: 'overview', component: () => import('./pages/overview/OverviewPage.vue'), meta: { page: 'overview' } },
  { path: '/inbox', name: 'inbox', component: () => import('./pages/inbox/InboxPage.vue'), meta: { page: 'inbox' } },
  { path: '/entry', name: 'entry', component: () => import('./pages/entry/EntryPage.vue'), meta: { page: 'inbox' } },
  { path: '/rosters', name: 'rosters', component: () => import('./pages/rosters/RostersPage.vue'), meta: { page: 'inbox' } },
  { path: '/cases', name: 'cases', component: () => import('./pages/cases/CasesPage.vue'), meta: { page: 'cases' } },
  { path: '/cases/:id', name: 'case', component: () => import('./pages/cases/CasePage.vue'), props: true, meta: { page: 'cases' } },
  { path: '/records', name: 'records', component: () => import('./pages/records/RecordsPage.vue'), meta: { page: 'records' } },
  { path: '/records/:id', name: 'dossier', component: () => import('./pages/dossier/DossierPage.vue'), props: true, meta: { page: 'records' } },
  { path: '/review/:tab?', name: 'review', component: () => import('./pages/review/ReviewPage.vue'), props: true, meta: { page: 'review' } },
  { path: '/checks', name: 'checks', component: () => import('./pages/checks/ChecksPage.vue'), meta: { page: 'checks' } },
  { path: '/checks/:id/:tab?', name: 'check', component: () => import('./pages/checks/CheckPage.vue'), props: true, meta: { page: 'checks' } },
  { path: '/registrations', name: 'registrations', component: () => import('./pages/registrations/RegistrationsPage.vue'), meta: { page: 'registrations' } },
  { path: '/registrations/:id', name: 'registration', component: () => import('./pages/registrations/RegistrationPage.vue'), props: true, meta: { page: 'registrations' } },
  { path: '/figures/:tab?', name: 'figures', component: () => import('./pages/figures/FiguresPage.vue'), props: true, meta: { page: 'figures' } },
  { path: '/people/:tab?', name: 'people', component: () => import('./pages/people/PeoplePage.vue'), props: true, meta: { page: 'people' } },
  { path: '/accounts', name: 'accounts', component: () => import('./pages/accounts/AccountsPage.vue'), meta: { page: 'accounts' } },
  { path: '/rules', name: 'rules', component: () => import('./pages/rules/RulesPage.vue'), meta: { page: 'rules' } },
  { path: '/audit', name: 'audit', component: () => import('./pages/audit/AuditPage.vue'), meta: { page: 'audit' } },
  { path: '/password', name: 'password', component: () => import('./session/PasswordPage.vue') },
  { path: '/factor', name: 'factor', component: () => import('./session/FactorPage.vue') },
  { path: '/:rest(.*)*', component: () => import('./layout/NothingHere.vue') },
]

// Addresses behind # need nothing of the server but its one page.
export const router = createRouter({ history: createWebHashHistory('/'), routes })
