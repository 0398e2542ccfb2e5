/** The components of Vant that pages use in their templates, as `<van-…>`. */
import {
  ActionBar, ActionBarButton, ActionBarIcon, ActionSheet, Button, Cell, CellGroup, Checkbox, CheckboxGroup,
  DatePicker, Dialog, Empty, Field, Form, ImagePreview, List, NavBar, NoticeBar, NumberKeyboard,
  PasswordInput, Picker, Popup, Progress, PullRefresh, Radio, RadioGroup, Search, Skeleton, Step, Stepper,
  Steps, Switch, Tab, Tabbar, TabbarItem, Tabs, Tag, TimePicker, Uploader, Watermark,
} from 'vant'

export const components = [
  ActionBar, ActionBarButton, ActionBarIcon, ActionSheet, Button, Cell, CellGroup, Checkbox, CheckboxGroup,
  DatePicker, Dialog, Empty, Field, Form, ImagePreview, List, NavBar, NoticeBar, NumberKeyboard,
  PasswordInput, Picker, Popup, Progress, PullRefresh, Radio, RadioGroup, Search, Skeleton, Step, Stepper,
  Steps, Switch, Tab, Tabbar, TabbarItem, Tabs, Tag, TimePicker, Uploader, Watermark,
]
