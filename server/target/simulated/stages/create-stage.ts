import type { Stage, StageHost, StageName } from '../stage.js';
import { ConsoleStage } from './console-stage.js';
import { DesktopStage } from './desktop-stage.js';
import { MenuStage } from './menu-stage.js';
import { PostStage } from './post-stage.js';

/** Starts the program of a stage. */
export function createStage(name: StageName, host: StageHost): Stage {
  switch (name) {
    case 'post':
      return new PostStage(host);
    case 'menu':
      return new MenuStage(host);
    case 'console':
      return new ConsoleStage(host);
    case 'desktop':
      return new DesktopStage(host);
  }
}
