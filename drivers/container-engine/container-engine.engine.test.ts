import { after } from 'node:test';

import { testDriver } from '../conformance.ts';
import { startTestDriver } from './test-driver.ts';

const subject = await startTestDriver();
after(() => subject.close());

testDriver({
  name: 'container-engine',
  driver: () => subject.driver,
  site: () => subject.site,
  failingBuild: { component: 'web', command: 'exit 3' },
});
