/** The components of Vant that pages use in their templates, as `<van-…>`; rarer ones stand where they are used. */
import { Button, Popup, Tabbar, TabbarItem } from 'vant'

export const components = [Button, Popup, Tabbar, TabbarItem]
