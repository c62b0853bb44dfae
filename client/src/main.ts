import { restoreTheme } from './controllers/theme.js';
import './elements/kvm-app.js';
import { createConsoleSession } from './session/console-session.js';
import { type ConsoleState, INITIAL_STATE } from './session/console-state.js';
import { Store } from './session/store.js';

restoreTheme();
const store = new Store<ConsoleState>(INITIAL_STATE);
const session = createConsoleSession(store);
const app = document.createElement('kvm-app');
app.store = store;
app.actions = session;
document.body.append(app);
await session.begin();
