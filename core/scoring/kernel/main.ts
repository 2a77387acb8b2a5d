import { buildKernel } from './build.ts';

console.log(`scoring kernel: ${await buildKernel()}`);
