/** The components of Vant that pages use in their templates, as `<van-…>`; no other comes into the app. */
import { Button, DatePicker, ImagePreview, NumberKeyboard, Popup, Tabbar, TabbarItem } from 'vant'

export const components = [Button, DatePicker, ImagePreview, NumberKeyboard, Popup, Tabbar, TabbarItem]
